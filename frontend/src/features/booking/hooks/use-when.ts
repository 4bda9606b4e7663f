import { addMinutes, clock, dayOf, longDay, shortDay } from "@/lib/dates";
import { useBooking } from "./use-booking";

type When = { readonly day: string; readonly hours: string; readonly span: string };

/** The chosen time in words: the day in full, the hours, and both in short. */
export function useWhen(): When | null {
  const { draft, quote, config, locale } = useBooking();
  const zone = config.salon.timezone;
  const startsAt = draft.start?.starts_at;
  if (!startsAt) return null;
  const day = dayOf(startsAt, zone);
  const from = clock(startsAt, zone);
  const to = clock(addMinutes(startsAt, quote.minutes), zone);
  // Between services the salon may need a moment, so the end of several is the salon's to say.
  // The word joiner keeps the two clocks on one line.
  const hours = quote.lines.length > 1 ? from : `${from}–\u2060${to}`;
  return { day: longDay(day, locale), hours, span: `${shortDay(day, locale)}, ${hours}` };
}
