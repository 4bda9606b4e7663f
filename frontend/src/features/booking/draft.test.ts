import { describe, expect, test } from "vitest";
import { startAt } from "@/test/salon";
import {
  type Draft,
  type DraftAction,
  DraftShape,
  EMPTY_DRAFT,
  lineParams,
  proofOf,
  reduceDraft,
} from "./draft";
import { furthestStep } from "./steps";

const after = (...actions: DraftAction[]): Draft => actions.reduce(reduceDraft, EMPTY_DRAFT);

const toggle = (optionId: string, siblings = [optionId]): DraftAction => ({
  type: "optionToggled",
  optionId,
  siblings,
});
const withStaff = (optionId: string, staffId: string | null): DraftAction => ({
  type: "staffChosen",
  optionId,
  staffId,
});
const start = startAt("2026-12-01T09:00:00+01:00", ["p-marta"], ["p-jonas"]);
const atNine: DraftAction = { type: "startChosen", start };

describe("choosing services", () => {
  test("adds in the order of choosing and takes away again", () => {
    expect(after(toggle("a"), toggle("b")).optionIds).toEqual(["a", "b"]);
    expect(after(toggle("a"), toggle("b"), toggle("a")).optionIds).toEqual(["b"]);
  });

  test("replaces the other option of the same service where it stood", () => {
    const draft = after(
      toggle("short", ["short", "long"]),
      toggle("b"),
      toggle("long", ["short", "long"]),
    );
    expect(draft.optionIds).toEqual(["long", "b"]);
  });

  test("gives up a time that was meant for other services", () => {
    expect(after(toggle("a"), atNine, toggle("b")).start).toBeNull();
  });

  test("forgets who would have done what is no longer wanted", () => {
    expect(after(toggle("a"), withStaff("a", "p-marta"), toggle("a")).staff).toEqual({});
  });

  test("a wish that came with the link is not dropped when it is there already", () => {
    const wished: DraftAction = { type: "optionWished", optionId: "a", siblings: ["a"] };
    expect(after(wished, wished).optionIds).toEqual(["a"]);
  });

  test("drops what the salon no longer offers and keeps the rest untouched", () => {
    const draft = after(toggle("a"), toggle("b"), atNine);
    const known = (...ids: string[]): DraftAction => ({
      type: "optionsKnown",
      optionIds: new Set(ids),
    });
    expect(reduceDraft(draft, known("a", "b"))).toBe(draft);
    expect(reduceDraft(draft, known("b"))).toMatchObject({ optionIds: ["b"], start: null });
  });
});

describe("choosing people", () => {
  const chosen = [toggle("a"), toggle("b"), atNine] as const;

  test("keeps the time as long as that person is free then", () => {
    expect(after(...chosen, withStaff("a", "p-marta")).start).toEqual(start);
    expect(after(...chosen, withStaff("a", "p-marta"), withStaff("a", null)).start).toEqual(start);
  });

  test("gives the time up when that person is not", () => {
    expect(after(...chosen, withStaff("b", "p-marta")).start).toBeNull();
  });

  test("asks the salon line by line", () => {
    expect(lineParams(after(toggle("a"), toggle("b"), withStaff("b", "p-jonas")))).toEqual([
      "a",
      "b@p-jonas",
    ]);
  });
});

test("an agreed total holds only for the very visit it was agreed for", () => {
  const agreed: DraftAction = { type: "totalAgreed", total: { amount: 9900, currency: "EUR" } };
  expect(after(toggle("a"), atNine, agreed).agreedTotal?.amount).toBe(9900);
  for (const change of [toggle("b"), withStaff("a", "p-marta"), atNine])
    expect(after(toggle("a"), atNine, agreed, change).agreedTotal).toBeNull();
});

describe("a proof of the address", () => {
  const guest = (email: string): DraftAction => ({
    type: "guestChanged",
    guest: { name: "Ada", email, phone: "" },
  });
  const proven: DraftAction = { type: "contactProven", email: "ada@example.org", token: "signed" };

  test("holds while that address stands there", () => {
    expect(proofOf(after(guest(" ada@example.org "), proven))).toBe("signed");
    expect(proofOf(after(guest("ada@example.org")))).toBeNull();
  });

  test("is none for another address, and counts again for its own", () => {
    const other = after(guest("ada@example.org"), proven, guest("eva@example.org"));
    expect(proofOf(other)).toBeNull();
    expect(proofOf(reduceDraft(other, guest("ada@example.org")))).toBe("signed");
  });

  test("ends when the salon says so", () => {
    expect(proofOf(after(guest("ada@example.org"), proven, { type: "proofEnded" }))).toBeNull();
  });

  test("is not asked of a draft that an older page kept", () => {
    const older: Partial<Draft> = { ...EMPTY_DRAFT };
    delete older.proof;
    expect(DraftShape.parse(older)).toEqual(EMPTY_DRAFT);
  });
});

test("after booking only the guest is remembered", () => {
  const guest = { name: "Ada", email: "ada@example.org", phone: "" };
  const draft = after(toggle("a"), atNine, { type: "guestChanged", guest }, { type: "booked" });
  expect(draft).toEqual({ ...EMPTY_DRAFT, guest });
});

test("one step opens the next", () => {
  const guest = (email: string): DraftAction => ({
    type: "guestChanged",
    guest: { name: "Ada", email, phone: "" },
  });
  expect(furthestStep(after())).toBe("services");
  expect(furthestStep(after(toggle("a")))).toBe("when");
  expect(furthestStep(after(toggle("a"), atNine))).toBe("you");
  expect(furthestStep(after(toggle("a"), atNine, guest("ada@")))).toBe("you");
  expect(furthestStep(after(toggle("a"), atNine, guest("ada@example.org")))).toBe("confirm");
});
