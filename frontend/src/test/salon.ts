import type { Service, Staff, Start } from "@/features/booking/types";

const eur = (amount: number) => ({ amount, currency: "EUR" });

const ALWAYS_SOLD: Pick<Service, "limits" | "sequence" | "addon"> = {
  limits: {
    new_clients: "any",
    weekdays: null,
    from_minute: null,
    until_minute: null,
    notice_minutes: null,
    horizon_days: null,
  },
  sequence: null,
  addon: null,
};

export const TINT: Service = {
  ...ALWAYS_SOLD,
  id: "s-tint",
  name: "Root tint",
  description: "With a patch test.",
  category: { id: "c-colour", name: "Colour", colour: "colour" },
  options: [
    {
      id: "o-tint",
      name: "Root tint",
      minutes: 95,
      price: eur(8800),
      price_kind: "from",
      phases: [
        { kind: "work", minutes: 35, name: "Apply" },
        { kind: "processing", minutes: 35, name: "Develop" },
        { kind: "work", minutes: 25, name: "Rinse" },
        { kind: "cleanup", minutes: 10, name: "Clean" },
      ],
      parts: [],
    },
  ],
};

export const CUT: Service = {
  ...ALWAYS_SOLD,
  id: "s-cut",
  name: "Cut",
  description: "",
  category: { id: "c-cut", name: "Cut and style", colour: "cut" },
  options: [
    {
      id: "o-short",
      name: "Short hair",
      minutes: 30,
      price: eur(2600),
      price_kind: "fixed",
      phases: [{ kind: "work", minutes: 30, name: "Cut" }],
      parts: [],
    },
    {
      id: "o-long",
      name: "Long hair",
      minutes: 50,
      price: eur(4200),
      price_kind: "fixed",
      phases: [{ kind: "work", minutes: 50, name: "Cut" }],
      parts: [],
    },
  ],
};

export const MARTA: Staff = {
  id: "p-marta",
  name: "Marta Kowalczyk",
  title: "Director",
  level: "director",
  languages: ["pl"],
  option_ids: ["o-tint", "o-short", "o-long"],
  prices: [
    { option_id: "o-tint", price: eur(9800), minutes: 85 },
    { option_id: "o-short", price: eur(2600), minutes: 30 },
    { option_id: "o-long", price: eur(4200), minutes: 50 },
  ],
};

export const JONAS: Staff = {
  id: "p-jonas",
  name: "Jonas Weber",
  title: "Stylist",
  level: "stylist",
  languages: ["de"],
  option_ids: ["o-tint", "o-short"],
  prices: [
    { option_id: "o-tint", price: eur(8800), minutes: 95 },
    { option_id: "o-short", price: eur(2600), minutes: 30 },
  ],
};

export function startAt(startsAt: string, ...lines: string[][]): Start {
  return { starts_at: startsAt, lines: lines.map((staff_ids) => ({ staff_ids })) };
}
