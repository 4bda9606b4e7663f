import { clock, type Day, wallMinutes, weekday, weekOf, zoneName } from "@/lib/dates";
import type { Availability, Start } from "./types";

type DayState = "past" | "closed" | "full" | "free";

export type WeekDay = {
  readonly date: Day;
  readonly state: DayState;
  readonly starts: readonly Start[];
};

/** The seven days of a strip, with what is known about each. */
export function buildWeek(
  day: Day,
  today: Day,
  availability: Availability | undefined,
  openWeekdays: readonly number[] | null | undefined,
): WeekDay[] {
  const known = new Map(availability?.days.map((each) => [each.date, each.starts]));
  return weekOf(day).map((date) => {
    const starts = known.get(date) ?? [];
    return { date, starts, state: stateOf(date, today, starts, openWeekdays) };
  });
}

function stateOf(
  date: Day,
  today: Day,
  starts: readonly Start[],
  openWeekdays: readonly number[] | null | undefined,
): DayState {
  if (date < today) return "past";
  if (starts.length > 0) return "free";
  return openWeekdays && !openWeekdays.includes(weekday(date)) ? "closed" : "full";
}

export function firstStart(availability: Availability): Start | null {
  return availability.days.find((day) => day.starts.length > 0)?.starts[0] ?? null;
}

export type DayPart = "morning" | "afternoon" | "evening";

export type Time = { readonly start: Start; readonly label: string };

/** Times as the salon's wall shows them; an hour that comes twice is told apart by its zone. */
export function timesByPart(
  starts: readonly Start[],
  zone: string,
  locale: string,
): { part: DayPart; times: Time[] }[] {
  const labels = starts.map((start) => clock(start.starts_at, zone));
  const times = starts.map((start, index) => {
    const label = labels[index] ?? "";
    const twice = labels.indexOf(label) !== labels.lastIndexOf(label);
    return {
      start,
      label: twice ? `${label} ${zoneName(start.starts_at, zone, locale)}` : label,
      part: partOf(wallMinutes(start.starts_at, zone)),
    };
  });
  return (["morning", "afternoon", "evening"] as const)
    .map((part) => ({ part, times: times.filter((time) => time.part === part) }))
    .filter(({ times: some }) => some.length > 0);
}

function partOf(minutes: number): DayPart {
  if (minutes < 12 * 60) return "morning";
  return minutes < 17 * 60 ? "afternoon" : "evening";
}
