import { expect, test } from "vitest";
import { CUT, JONAS, MARTA, startAt, TINT } from "@/test/salon";
import { buildCatalogue } from "./catalogue";
import { type Draft, EMPTY_DRAFT } from "./draft";
import { quoteVisit } from "./quote";

const catalogue = buildCatalogue([CUT, TINT], [MARTA, JONAS]);
const quote = (draft: Partial<Draft>) => {
  const { total, minutes, isFrom } = quoteVisit(catalogue, { ...EMPTY_DRAFT, ...draft });
  return { amount: total?.amount, minutes, isFrom };
};

test("while nobody is settled the lowest price is a from-price", () => {
  expect(quote({ optionIds: ["o-tint", "o-short"] })).toEqual({
    amount: 11400,
    minutes: 125,
    isFrom: true,
  });
});

test("a chosen person has her own price and pace", () => {
  expect(quote({ optionIds: ["o-tint"], staff: { "o-tint": "p-marta" } })).toEqual({
    amount: 9800,
    minutes: 85,
    isFrom: false,
  });
});

test("at a time when only the dearer one is free, anyone costs what she costs", () => {
  const start = startAt("2026-12-01T09:00:00+01:00", ["p-marta"]);
  expect(quote({ optionIds: ["o-tint"], start })).toEqual({
    amount: 9800,
    minutes: 85,
    isFrom: false,
  });
});

test("at a time when both are free, anyone costs the lower price", () => {
  const start = startAt("2026-12-01T09:00:00+01:00", ["p-marta", "p-jonas"]);
  expect(quote({ optionIds: ["o-tint"], start }).amount).toBe(8800);
});

test("nothing chosen costs nothing and takes no time", () => {
  expect(quote({})).toEqual({ amount: undefined, minutes: 0, isFrom: false });
});
