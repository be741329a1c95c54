// Light and size are seen at once while they are chosen; the form that holds them keeps the choice.

export function startComfort(root: Document): void {
  root.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.closest("form[data-comfort]") === null) return;
    const page = root.documentElement;
    if (field.name === "theme") {
      if (field.value === "") delete page.dataset["theme"];
      else page.dataset["theme"] = field.value;
    } else if (field.name === "density" && field.value !== "") {
      page.dataset["density"] = field.value;
    }
  });
}
