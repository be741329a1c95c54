// The eye beside a password: <button aria-controls="id" data-reveal>. Hidden without script, since it would do nothing.

export function startReveal(root: Document): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-reveal]")) button.hidden = false;
  root.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button[data-reveal]") : null;
    if (button === null) return;
    const field = root.getElementById(button.getAttribute("aria-controls") ?? "");
    if (!(field instanceof HTMLInputElement)) return;
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    field.focus();
  });
  // A password never leaves the page as plain text that the browser would remember.
  root.addEventListener("submit", (event) => {
    if (!(event.target instanceof HTMLFormElement)) return;
    for (const button of event.target.querySelectorAll("button[data-reveal][aria-pressed=true]")) {
      const field = root.getElementById(button.getAttribute("aria-controls") ?? "");
      if (field instanceof HTMLInputElement) field.type = "password";
      button.setAttribute("aria-pressed", "false");
    }
  });
}
