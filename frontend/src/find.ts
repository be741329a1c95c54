// The search from anywhere: `/` or Ctrl-K puts the caret in the bar's field, Escape gives the page back.

/** Whether a key pressed there is text being written. */
export function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

export function startFind(root: Document): void {
  root.addEventListener("keydown", (event) => {
    const field = root.querySelector<HTMLInputElement>(".find input[type=search]");
    if (field === null) return;
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isWriting(event.target);
    const controlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (slash || controlK) {
      // On a phone the field is not there: the magnifier's page is.
      if (field.offsetParent === null) return;
      event.preventDefault();
      field.focus();
      field.select();
    } else if (event.key === "Escape" && event.target === field) {
      field.blur();
    }
  });
}
