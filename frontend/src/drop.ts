// A file dropped on <div class="drop" data-drop> goes to the file field inside it; its name shows in [data-drop-name].

function zoneOf(event: Event): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>("[data-drop]") : null;
}

function showNames(zone: HTMLElement, field: HTMLInputElement): void {
  const place = zone.querySelector<HTMLElement>("[data-drop-name]");
  if (place === null) return;
  place.textContent = Array.from(field.files ?? [], (file) => file.name).join(", ");
  place.hidden = place.textContent === "";
}

export function startFileDrop(root: Document): void {
  root.addEventListener("dragover", (event) => {
    const zone = zoneOf(event);
    if (zone === null) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  root.addEventListener("dragleave", (event) => {
    const zone = zoneOf(event);
    if (zone !== null && !zone.contains(event.relatedTarget as Node | null)) zone.classList.remove("over");
  });
  root.addEventListener("drop", (event) => {
    const zone = zoneOf(event);
    const field = zone?.querySelector<HTMLInputElement>("input[type=file]");
    if (zone === null || field === null || field === undefined || event.dataTransfer === null) return;
    event.preventDefault();
    zone.classList.remove("over");
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  root.addEventListener("change", (event) => {
    const zone = zoneOf(event);
    if (zone !== null && event.target instanceof HTMLInputElement && event.target.type === "file") {
      showNames(zone, event.target);
    }
  });
}
