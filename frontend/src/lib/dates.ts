/**
 * Days are plain `YYYY-MM-DD` strings and are counted in UTC, where every day has 24 hours;
 * only an instant is ever looked at in the salon's zone. So no clock change can shift a day.
 */
export type Day = string;

const DAY_MS = 86_400_000;

function noon(day: Day): Date {
  return new Date(`${day}T12:00:00Z`);
}

export function dayOf(instant: Date | string, zone: string): Day {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(new Date(instant));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

export function addDays(day: Day, count: number): Day {
  return new Date(noon(day).getTime() + count * DAY_MS).toISOString().slice(0, 10);
}

export function daysBetween(from: Day, to: Day): number {
  return Math.round((noon(to).getTime() - noon(from).getTime()) / DAY_MS);
}

/** 1 is Monday, 7 is Sunday. */
export function weekday(day: Day): number {
  return noon(day).getUTCDay() || 7;
}

/** The seven days, Monday first, of the week that holds `day`. */
export function weekOf(day: Day): Day[] {
  const monday = addDays(day, 1 - weekday(day));
  return Array.from({ length: 7 }, (_, index) => addDays(monday, index));
}

/** Minutes since midnight as the clock on the salon's wall shows them. */
export function wallMinutes(instant: string, zone: string): number {
  const [hour = "0", minute = "0"] = clock(instant, zone).split(":");
  return Number(hour) * 60 + Number(minute);
}

/** 24-hour time in the salon's zone, "09:15". */
export function clock(instant: Date | string, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(instant));
}

/** What the clock is called at that instant, "GMT+2" or "CEST". */
export function zoneName(instant: Date | string, zone: string, locale: string): string {
  const parts = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    timeZoneName: "short",
  }).formatToParts(new Date(instant));
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

export function addMinutes(instant: string, minutes: number): string {
  return new Date(new Date(instant).getTime() + minutes * 60_000).toISOString();
}

export function formatDay(day: Day, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(noon(day));
}

/** "Friday 4 December 2026" */
export function longDay(day: Day, locale: string): string {
  return formatDay(day, locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
}

/** "Fri 4 Dec" */
export function shortDay(day: Day, locale: string): string {
  return formatDay(day, locale, { weekday: "short", day: "numeric", month: "short" });
}

/** "30 November – 6 December" */
export function dayRange(from: Day, to: Day, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  }).formatRange(noon(from), noon(to));
}
