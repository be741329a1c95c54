// A toast stays while it is read: it leaves after ten seconds, unless the pointer or the caret is on it.
// Its undo is a form of its own, so undoing needs no script; neither does the toast staying.

const STAYS_MS = 10_000;

function retire(toast: HTMLElement): void {
  window.setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) retire(toast);
    else toast.remove();
  }, STAYS_MS);
}

export function startToasts(root: Document): void {
  const seen = new WeakSet<HTMLElement>();
  const look = (): void => {
    for (const toast of root.querySelectorAll<HTMLElement>(".toasts:not(.toast-static) > .toast")) {
      if (seen.has(toast)) continue;
      seen.add(toast);
      retire(toast);
    }
  };
  look();
  root.addEventListener("htmx:after:swap", look);
}
