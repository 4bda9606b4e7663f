/** A `<details data-menu>` is a menu without script; with it, it also closes when one leaves. */
export function closeMenusOnLeave(root: Document): void {
  const menus = root.querySelectorAll<HTMLDetailsElement>("details[data-menu]");
  root.addEventListener("pointerdown", (event) => {
    for (const menu of menus) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  for (const menu of menus) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      menu.open = false;
      menu.querySelector("summary")?.focus();
    });
  }
}

/** The way out of a question asked in `<details data-confirm>`. */
export function closeQuestions(root: Document): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("[data-confirm] [data-close]")) {
    button.addEventListener("click", () => {
      const question = button.closest("details");
      if (!question) return;
      question.open = false;
      question.querySelector("summary")?.focus();
    });
  }
}
