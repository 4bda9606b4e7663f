import { expect, test } from "vitest";
import { looksLikeSlug, suggestSlug } from "./slug";

test.each([
  ["Ottilie", "ottilie"],
  ["Schön & Grün", "schoen-gruen"],
  ["Żółć Łódź", "zolc-lodz"],
  ["  Anna's — Nails! ", "annas-nails"],
  ["A".repeat(60), "a".repeat(40)],
  ["日本", ""],
])("%s suggests %s", (name, slug) => {
  expect(suggestSlug(name)).toBe(slug);
});

test("an address has 3 to 40 letters, digits and single hyphens", () => {
  expect(["abc", "a-b-c", "salon-24", "a".repeat(40)].every(looksLikeSlug)).toBe(true);
  expect(["ab", "a--b", "-ab", "ab-", "Abc", "a b", "a".repeat(41)].some(looksLikeSlug)).toBe(
    false,
  );
});
