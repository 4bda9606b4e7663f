const COLOURS = ["colour", "brows", "cut", "skin", "nails"] as const;

/** Initials on one of the five soft colours, always the same for the same place in the team. */
export function Avatar({ name, place }: { name: string; place: number }) {
  const initials = name
    .split(/\s+/)
    .map((word) => word[0] ?? "")
    .slice(0, 2)
    .join("");
  return (
    <span aria-hidden className={`avatar cat-${COLOURS[place % COLOURS.length] ?? "colour"}`}>
      {initials}
    </span>
  );
}
