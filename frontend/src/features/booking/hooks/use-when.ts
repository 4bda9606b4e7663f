import { addMinutes, clock, dayOf, longDay, shortDay } from "@/lib/dates";
import { useBooking } from "./use-booking";

type When = { readonly day: string; readonly hours: string; readonly span: string };

/** The chosen time in words: the day in full, from when to when, and both in short. */
export function useWhen(): When | null {
  const { draft, quote, config, locale } = useBooking();
  const zone = config.salon.timezone;
  const startsAt = draft.start?.starts_at;
  if (!startsAt) return null;
  const day = dayOf(startsAt, zone);
  const end = addMinutes(startsAt, quote.minutes);
  // The word joiner keeps the two clocks on one line.
  const hours = `${clock(startsAt, zone)}–\u2060${clock(end, zone)}`;
  return { day: longDay(day, locale), hours, span: `${shortDay(day, locale)}, ${hours}` };
}
