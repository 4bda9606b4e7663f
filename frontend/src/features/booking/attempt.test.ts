import { expect, test } from "vitest";
import { startAt } from "@/test/salon";
import { attemptFor, bookingOf } from "./attempt";
import { type Draft, EMPTY_DRAFT } from "./draft";

const draft: Draft = {
  ...EMPTY_DRAFT,
  optionIds: ["o-tint", "o-short"],
  staff: { "o-short": "p-jonas" },
  start: startAt("2026-12-01T09:00:00+01:00", ["p-marta"], ["p-jonas"]),
  guest: { name: " Ada ", email: "ada@example.org ", phone: "" },
};
const quote = { lines: [], total: { amount: 11400, currency: "EUR" }, minutes: 125, isFrom: false };

function booking(changes: Partial<Draft> = {}) {
  const wish = bookingOf({ ...draft, ...changes }, quote);
  if (!wish) throw new Error("no booking");
  return wish;
}

test("a booking carries the lines, the tidied guest and the total that was shown", () => {
  expect(booking()).toEqual({
    starts_at: "2026-12-01T09:00:00+01:00",
    lines: [
      { option_id: "o-tint", staff_id: null },
      { option_id: "o-short", staff_id: "p-jonas" },
    ],
    client: { name: "Ada", email: "ada@example.org", phone: "" },
    expected_total: { amount: 11400, currency: "EUR" },
  });
});

test("a proven address carries its proof, and any other goes without", () => {
  const proof = { email: "ada@example.org", token: "signed" };
  expect(booking({ proof }).client).toMatchObject({ email: "ada@example.org", proof: "signed" });
  const other = { ...proof, email: "eva@example.org" };
  expect(booking({ proof: other }).client).not.toHaveProperty("proof");
});

test("a total that was agreed to takes the place of the one shown", () => {
  const agreedTotal = { amount: 12000, currency: "EUR" };
  expect(booking({ agreedTotal }).expected_total).toEqual(agreedTotal);
});

test("without a time there is nothing to book", () => {
  expect(bookingOf({ ...draft, start: null }, quote)).toBeNull();
});

test("the same wish keeps its key, another wish gets another", () => {
  const first = attemptFor(booking(), null);
  expect(attemptFor(booking(), first)).toBe(first);
  const other = attemptFor(booking({ guest: { ...draft.guest, name: "Eva" } }), first);
  expect(other.key).not.toBe(first.key);
});

test("a key is a version 4 UUID", () => {
  expect(attemptFor(booking(), null).key).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});
