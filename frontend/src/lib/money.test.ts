import { expect, test } from "vitest";
import { formatMoney, formatPrice, sum } from "./money";

const plain = (text: string) => text.replaceAll(/\s/g, " ");

test("minor units become what the currency counts in", () => {
  expect(formatMoney({ amount: 12700, currency: "EUR" }, "en-GB")).toBe("€127.00");
  expect(plain(formatMoney({ amount: 14050, currency: "PLN" }, "pl-PL"))).toBe("140,50 zł");
  expect(formatMoney({ amount: 5000, currency: "JPY" }, "en-GB")).toContain("5,000");
});

test("a price list leaves out cents that are not there", () => {
  expect(formatPrice({ amount: 4200, currency: "GBP" }, "en-GB")).toBe("£42");
  expect(formatPrice({ amount: 4250, currency: "GBP" }, "en-GB")).toBe("£42.50");
});

test("nothing chosen has no total", () => {
  expect(sum([])).toBeNull();
  expect(
    sum([
      { amount: 1, currency: "EUR" },
      { amount: 2, currency: "EUR" },
    ]),
  ).toEqual({
    amount: 3,
    currency: "EUR",
  });
});
