import { useState } from "react";
import * as z from "zod/mini";
import { recall, remember } from "@/lib/storage";
import type { Appointment } from "../types";

const Money = z.object({ amount: z.number(), currency: z.string() });

/** As much of the appointment as the confirmation shows. */
const BookedShape = z.object({
  starts_at: z.string(),
  ends_at: z.string(),
  timezone: z.string(),
  lines: z.array(
    z.object({
      id: z.string(),
      service_name: z.string(),
      option_name: z.string(),
      staff_name: z.string(),
      starts_at: z.string(),
      price: Money,
    }),
  ),
  total: Money,
  manage_url: z.nullish(z.string()),
  ics_url: z.nullish(z.string()),
});

export type Booked = z.infer<typeof BookedShape>;

/** The confirmation survives a reload of the tab. */
export function useBooked(salonUrl: string): [Booked | null, (appointment: Appointment) => void] {
  const key = `parlour.booked.${salonUrl}`;
  const [booked, setBooked] = useState(() => recall(key, BookedShape));
  const keep = (appointment: Appointment) => {
    const shown = BookedShape.safeParse(appointment);
    setBooked(shown.success ? shown.data : null);
    remember(key, shown.success ? shown.data : null);
  };
  return [booked, keep];
}
