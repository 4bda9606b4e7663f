import { expect, test } from "vitest";
import { CUT, MARTA, TINT } from "@/test/salon";
import { buildCatalogue } from "./catalogue";
import type { Service } from "./types";

test("what is only sold together with another service is not offered alone", () => {
  const addon: Service["addon"] = { place: "after", of: [CUT.id], sold_alone: false };
  const alone: Service = { ...TINT, addon: { ...addon, sold_alone: true } };
  const never: Service = { ...TINT, id: "s-never", options: [], addon };

  const catalogue = buildCatalogue([CUT, alone, never], [MARTA]);

  expect(catalogue.services).toEqual([CUT, alone]);
  expect([...catalogue.offers.keys()]).toEqual(["o-short", "o-long", "o-tint"]);
});
