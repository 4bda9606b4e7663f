import { describe, expect, test } from "vitest";
import {
  addDays,
  clock,
  dayOf,
  daysBetween,
  wallMinutes,
  weekday,
  weekOf,
  zoneName,
} from "./dates";

test("the tests run far from any of our salons", () => {
  expect(new Date("2026-07-01T12:00:00Z").getTimezoneOffset()).toBe(240);
});

describe("days", () => {
  test("count on over both clock changes without losing or repeating one", () => {
    expect(addDays("2026-10-24", 1)).toBe("2026-10-25");
    expect(addDays("2026-10-25", 1)).toBe("2026-10-26");
    expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
    expect(daysBetween("2026-03-01", "2026-11-01")).toBe(245);
  });

  test("a week runs from Monday to Sunday, over the end of summer time too", () => {
    expect(weekOf("2026-10-25")).toEqual([
      "2026-10-19",
      "2026-10-20",
      "2026-10-21",
      "2026-10-22",
      "2026-10-23",
      "2026-10-24",
      "2026-10-25",
    ]);
    expect(weekOf("2027-01-01")[0]).toBe("2026-12-28");
    expect(weekday("2026-10-25")).toBe(7);
  });
});

describe("an instant in the salon's zone", () => {
  test("belongs to the salon's day, not to the reader's", () => {
    expect(dayOf("2026-12-01T23:30:00Z", "Europe/Warsaw")).toBe("2026-12-02");
    expect(dayOf("2026-12-01T23:30:00Z", "Europe/London")).toBe("2026-12-01");
  });

  test("is read on the salon's wall before and after the clocks change in Warsaw", () => {
    expect(clock("2026-10-24T07:00:00Z", "Europe/Warsaw")).toBe("09:00");
    expect(clock("2026-10-26T08:00:00Z", "Europe/Warsaw")).toBe("09:00");
    expect(wallMinutes("2026-10-26T08:00:00Z", "Europe/Warsaw")).toBe(9 * 60);
  });

  test("skips the hour that spring takes from London", () => {
    expect(clock("2026-03-29T00:59:00Z", "Europe/London")).toBe("00:59");
    expect(clock("2026-03-29T01:00:00Z", "Europe/London")).toBe("02:00");
  });

  test("says midnight as 00:00", () => {
    expect(clock("2026-12-01T00:00:00Z", "Europe/London")).toBe("00:00");
  });

  test("names its clock", () => {
    expect(zoneName("2026-07-01T12:00:00Z", "Europe/London", "en-GB")).toBe("BST");
    expect(zoneName("2026-12-01T12:00:00Z", "Europe/London", "en-GB")).toBe("GMT");
  });
});
