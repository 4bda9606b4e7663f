import { describe, expect, test } from "vitest";
import { readProblem, unreachable } from "@/lib/problem";
import { startAt } from "@/test/salon";
import { readSetback } from "./setback";

const setback = (status: number, body: unknown) => readSetback(readProblem(status, body));

describe("a refused booking", () => {
  test("whose time is taken offers the alternatives", () => {
    const alternatives = [startAt("2026-12-01T10:00:00+01:00", ["p-marta"])];
    expect(setback(409, { code: "slot_taken", detail: "Taken.", alternatives })).toEqual({
      kind: "timeGone",
      message: "Taken.",
      alternatives,
    });
  });

  test.each(["not_offered", "in_the_past", "too_soon"])(
    "for %s sends back to the times",
    (code) => {
      expect(setback(422, { code, detail: "No." })).toEqual({
        kind: "timeGone",
        message: "No.",
        alternatives: [],
      });
    },
  );

  test("whose price has changed names the new total", () => {
    const total = { amount: 9900, currency: "EUR" };
    expect(setback(409, { code: "price_changed", total })).toEqual({ kind: "priceChanged", total });
  });

  test.each(["client.email", "body.data.client.email"])("maps %s to its field", (path) => {
    expect(setback(422, { code: "invalid", fields: { [path]: "Not an address." } })).toEqual({
      kind: "guest",
      fields: { email: "Not an address." },
    });
  });

  test("about a line sends back to the services", () => {
    const fields = { "lines.0.staff_id": "Does not do this." };
    expect(setback(422, { code: "nobody_does_this", detail: "No.", fields })).toEqual({
      kind: "services",
      message: "No.",
    });
  });

  test("about the proof says that it has ended", () => {
    const fields = { "client.proof": "This code is wrong or too old." };
    expect(setback(422, { code: "contact_invalid", fields })).toEqual({ kind: "proofEnded" });
  });

  test("with fields nobody can see says its own sentence", () => {
    expect(setback(422, { code: "invalid", detail: "No.", fields: { proof: "x" } })).toEqual({
      kind: "refused",
      message: "No.",
    });
  });
});

test("without an answer, or with a broken one, the booking is uncertain", () => {
  expect(readSetback(unreachable())).toEqual({ kind: "uncertain" });
  expect(setback(500, "<html>")).toEqual({ kind: "uncertain" });
  expect(setback(503, null)).toEqual({ kind: "uncertain" });
});

test("too many requests ask for patience", () => {
  expect(setback(429, { code: "throttled" })).toEqual({ kind: "tooMany" });
});
