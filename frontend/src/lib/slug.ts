const SPELLED: Record<string, string> = {
  ä: "ae",
  ö: "oe",
  ü: "ue",
  ß: "ss",
  ł: "l",
  æ: "ae",
  ø: "o",
};

/** The address a salon's name suggests; the server has the last word. */
export function suggestSlug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[äöüßłæø]/g, (letter) => SPELLED[letter] ?? "")
    .normalize("NFD")
    .replace(/[\u0300-\u036f'’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
}

export function looksLikeSlug(slug: string): boolean {
  return /^[a-z0-9](-?[a-z0-9]){2,39}$/.test(slug);
}
