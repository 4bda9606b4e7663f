import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { addDays, type Day, dayOf, daysBetween, weekOf } from "@/lib/dates";
import { availability } from "../api/availability";
import { lineParams } from "../draft";
import type { Start } from "../types";
import { buildWeek, firstStart } from "../week";
import { useBooking } from "./use-booking";

/** The longest span the salon answers at once. */
const LOOK_AHEAD = 30;
const FURTHEST = 180;

/** The week on show, its times, and the ways to other weeks. */
export function useWeek() {
  const { config, draft } = useBooking();
  const client = useQueryClient();
  const zone = config.salon.timezone;
  const today = dayOf(new Date(), zone);
  const chosen = draft.start && dayOf(draft.start.starts_at, zone);
  const [shown, setShown] = useState<Day>(chosen ?? today);
  const [picked, setPicked] = useState<Day | null>(chosen);

  const lines = lineParams(draft);
  const days = weekOf(shown);
  const [monday = shown] = days;
  const from = monday < today ? today : monday;
  const to = days.at(-1) ?? shown;
  const query = useQuery(availability(from, to, lines));
  const week = buildWeek(shown, today, query.data, config.salon.open_weekdays);
  const free = week.filter((day) => day.state === "free");
  const day = free.find((each) => each.date === picked) ?? free[0] ?? null;

  const weekAt = (offset: number) => {
    const start = addDays(monday, offset);
    return availability(start < today ? today : start, addDays(start, 6), lines);
  };

  return {
    query,
    week,
    day,
    isFirst: monday <= today,
    isLast: daysBetween(today, monday) + 7 > FURTHEST,
    pick: setPicked,
    move: (weeks: number) => {
      setShown(addDays(monday, 7 * weeks));
      setPicked(null);
    },
    show: (start: Start) => {
      setShown(dayOf(start.starts_at, zone));
      setPicked(dayOf(start.starts_at, zone));
    },
    prefetchNext: () => void client.query(weekAt(7)).catch(() => null),
    /** For when this week has nothing: the month that begins with it. */
    ahead: availability(from, addDays(from, LOOK_AHEAD), lines),
    findFirst: async (): Promise<Start | null> =>
      firstStart(await client.query(availability(today, addDays(today, LOOK_AHEAD), lines))),
  };
}

export type Week = ReturnType<typeof useWeek>;
