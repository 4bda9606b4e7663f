import { type Money, sum } from "@/lib/money";
import { type Catalogue, cheapestTerms, type Offer, staffFor } from "./catalogue";
import type { Draft } from "./draft";
import type { Staff } from "./types";

export type LineQuote = {
  readonly offer: Offer;
  /** Whom one asked for; null when anyone will do. */
  readonly staff: Staff | null;
  readonly price: Money;
  readonly minutes: number;
  /** The price may still rise: nobody is settled yet, or it is agreed in the salon. */
  readonly isFrom: boolean;
};

export type Quote = {
  readonly lines: readonly LineQuote[];
  readonly total: Money | null;
  readonly minutes: number;
  readonly isFrom: boolean;
};

/** What the visit costs and how long it takes, as far as it is known at this step. */
export function quoteVisit(catalogue: Catalogue, draft: Draft): Quote {
  const lines = draft.optionIds.flatMap((optionId, place) => {
    const offer = catalogue.offers.get(optionId);
    return offer ? [quoteLine(catalogue, draft, offer, place)] : [];
  });
  return {
    lines,
    total: sum(lines.map((line) => line.price)),
    minutes: lines.reduce((minutes, line) => minutes + line.minutes, 0),
    isFrom: lines.some((line) => line.isFrom),
  };
}

function quoteLine(catalogue: Catalogue, draft: Draft, offer: Offer, place: number): LineQuote {
  const { option } = offer;
  const chosen = draft.staff[option.id];
  const free = draft.start?.lines[place]?.staff_ids;
  const able = staffFor(catalogue, option.id).filter((member) =>
    chosen ? member.id === chosen : (free?.includes(member.id) ?? true),
  );
  // The salon gives "anyone" the cheapest who is free, so that is what we promise.
  const { price, minutes } = cheapestTerms(option, able);
  return {
    offer,
    staff: chosen ? (able[0] ?? null) : null,
    price,
    minutes,
    isFrom:
      option.price_kind === "quoted" || (option.price_kind === "from" && !draft.start && !chosen),
  };
}
