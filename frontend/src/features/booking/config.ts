import * as z from "zod/mini";

const Policy = z.object({ title: z.string(), text: z.string() });

/** What the page tells the booking flow, in `<script id="booking-config">`. */
const Config = z.object({
  salon: z.object({
    name: z.string(),
    timezone: z.string(),
    currency: z.string(),
    url: z.string(),
    phone: z.optional(z.nullable(z.string())),
    /** 1 is Monday; without it a day that has no times cannot be told closed from full. */
    open_weekdays: z.optional(z.nullable(z.array(z.number()))),
    policies: z.optional(z.nullable(z.array(Policy))),
  }),
  locale: z.string(),
  option: z.optional(z.nullable(z.string())),
});

export type BookingConfig = z.infer<typeof Config>;

export function readConfig(root: Document): BookingConfig {
  const text = root.getElementById("booking-config")?.textContent ?? "null";
  return Config.parse(JSON.parse(text));
}
