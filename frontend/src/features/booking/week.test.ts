import { describe, expect, test } from "vitest";
import { startAt } from "@/test/salon";
import { buildWeek, firstStart, timesByPart } from "./week";

const free = startAt("2026-12-02T09:00:00+01:00", ["p-marta"]);

describe("a week", () => {
  const availability = {
    timezone: "Europe/Berlin",
    days: [
      { date: "2026-12-01", starts: [] },
      { date: "2026-12-02", starts: [free] },
    ],
  };

  test("tells past, closed, full and free days apart", () => {
    const week = buildWeek("2026-12-03", "2026-12-01", availability, [2, 3, 4, 5, 6]);
    expect(week.map((day) => day.state)).toEqual([
      "past",
      "full",
      "free",
      "full",
      "full",
      "full",
      "closed",
    ]);
  });

  test("calls no day closed when the salon did not say when it opens", () => {
    const week = buildWeek("2026-12-03", "2026-12-01", availability, null);
    expect(week.at(-1)?.state).toBe("full");
  });

  test("starts with the first time of the first day that has one", () => {
    expect(firstStart(availability)).toBe(free);
    expect(firstStart({ timezone: "Europe/Berlin", days: [] })).toBeNull();
  });
});

describe("times of a day", () => {
  const labels = (instants: string[], zone: string) =>
    timesByPart(
      instants.map((instant) => startAt(instant, ["p-marta"])),
      zone,
      "en-GB",
    ).map(({ part, times }) => [part, times.map((time) => time.label)]);

  test("are grouped by the salon's clock on the day Warsaw leaves summer time", () => {
    const instants = [
      "2026-10-25T10:45:00Z",
      "2026-10-25T11:00:00Z",
      "2026-10-25T15:59:00Z",
      "2026-10-25T16:00:00Z",
    ];
    expect(labels(instants, "Europe/Warsaw")).toEqual([
      ["morning", ["11:45"]],
      ["afternoon", ["12:00", "16:59"]],
      ["evening", ["17:00"]],
    ]);
  });

  test("tell apart the hour that comes twice in London", () => {
    const instants = ["2026-10-25T00:15:00Z", "2026-10-25T01:15:00Z", "2026-10-25T02:15:00Z"];
    expect(labels(instants, "Europe/London")).toEqual([
      ["morning", ["01:15 BST", "01:15 GMT", "02:15"]],
    ]);
  });
});
