// While htmx waits for an answer the button that asked says so; a second press does nothing meanwhile.

interface Asked {
  ctx: { sourceElement: Element };
}

function buttonOf(event: Event): Element | null {
  const source = (event as CustomEvent<Asked>).detail.ctx.sourceElement;
  return source.matches("button, a.btn") ? source : source.querySelector("button[type=submit]");
}

export function startBusy(root: Document): void {
  root.addEventListener("htmx:before:request", (event) => buttonOf(event)?.setAttribute("aria-busy", "true"));
  root.addEventListener("htmx:finally:request", (event) => buttonOf(event)?.removeAttribute("aria-busy"));
}
