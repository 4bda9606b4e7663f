import * as z from "zod/mini";
import type { Money } from "@/lib/money";
import type { Start } from "./types";

const StartShape = z.object({
  starts_at: z.string(),
  lines: z.array(z.object({ staff_ids: z.array(z.string()) })),
});

/** Everything one has chosen so far; kept in the tab, so neither back nor reload loses it. */
export const DraftShape = z.object({
  optionIds: z.array(z.string()),
  /** Who does which option; an option that is not in here may be done by anyone. */
  staff: z.record(z.string(), z.string()),
  start: z.nullable(StartShape),
  guest: z.object({ name: z.string(), email: z.string(), phone: z.string() }),
  /** That the guest reads this address; another address needs a proof of its own. */
  proof: z._default(z.nullable(z.object({ email: z.string(), token: z.string() })), null),
  /** A total the salon asked for instead of the one we showed, and that was agreed to. */
  agreedTotal: z.nullable(z.object({ amount: z.number(), currency: z.string() })),
  attempt: z.nullable(z.object({ key: z.string(), body: z.string() })),
});

export type Draft = z.infer<typeof DraftShape>;
export type Attempt = NonNullable<Draft["attempt"]>;

export const EMPTY_DRAFT: Draft = {
  optionIds: [],
  staff: {},
  start: null,
  guest: { name: "", email: "", phone: "" },
  proof: null,
  agreedTotal: null,
  attempt: null,
};

export type DraftAction =
  /** `siblings` are the options of the same service: one has a cut short or long, not both. */
  | { type: "optionToggled"; optionId: string; siblings: readonly string[] }
  /** Came with the link; choosing it twice must not drop it. */
  | { type: "optionWished"; optionId: string; siblings: readonly string[] }
  | { type: "optionsKnown"; optionIds: ReadonlySet<string> }
  | { type: "staffChosen"; optionId: string; staffId: string | null }
  | { type: "startChosen"; start: Start }
  | { type: "guestChanged"; guest: Draft["guest"] }
  | { type: "contactProven"; email: string; token: string }
  | { type: "proofEnded" }
  | { type: "totalAgreed"; total: Money }
  | { type: "attempted"; attempt: Attempt }
  | { type: "booked" };

export function reduceDraft(draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case "optionToggled":
      return withOptions(draft, toggled(draft.optionIds, action.optionId, action.siblings));
    case "optionWished":
      if (draft.optionIds.includes(action.optionId)) return draft;
      return withOptions(draft, toggled(draft.optionIds, action.optionId, action.siblings));
    case "optionsKnown": {
      const known = draft.optionIds.filter((id) => action.optionIds.has(id));
      return known.length === draft.optionIds.length ? draft : withOptions(draft, known);
    }
    case "staffChosen":
      return withStaff(draft, action.optionId, action.staffId);
    case "startChosen":
      return { ...draft, start: action.start, agreedTotal: null };
    case "guestChanged":
      return { ...draft, guest: action.guest };
    case "contactProven":
      return { ...draft, proof: { email: action.email, token: action.token } };
    case "proofEnded":
      return { ...draft, proof: null };
    case "totalAgreed":
      return { ...draft, agreedTotal: action.total };
    case "attempted":
      return { ...draft, attempt: action.attempt };
    case "booked":
      // The next visit starts afresh, but nobody wants to type their name twice.
      return { ...EMPTY_DRAFT, guest: draft.guest };
  }
}

function toggled(
  chosen: readonly string[],
  optionId: string,
  siblings: readonly string[],
): string[] {
  if (chosen.includes(optionId)) return chosen.filter((id) => id !== optionId);
  const place = chosen.findIndex((id) => siblings.includes(id));
  return place < 0 ? [...chosen, optionId] : chosen.with(place, optionId);
}

function withOptions(draft: Draft, optionIds: string[]): Draft {
  const staff = Object.fromEntries(
    Object.entries(draft.staff).filter(([optionId]) => optionIds.includes(optionId)),
  );
  return { ...draft, optionIds, staff, start: null, agreedTotal: null };
}

function withStaff(draft: Draft, optionId: string, staffId: string | null): Draft {
  const others = Object.entries(draft.staff).filter(([id]) => id !== optionId);
  const staff = Object.fromEntries(staffId === null ? others : [...others, [optionId, staffId]]);
  const able = draft.start?.lines[draft.optionIds.indexOf(optionId)]?.staff_ids ?? [];
  // The chosen time stays as long as this person could do it then.
  const start = staffId === null || able.includes(staffId) ? draft.start : null;
  return { ...draft, staff, start, agreedTotal: null };
}

/** The lines as `getAvailability` wants them: `<option>` or `<option>@<staff>`. */
export function lineParams(draft: Draft): string[] {
  return draft.optionIds.map((id) => {
    const staffId = draft.staff[id];
    return staffId ? `${id}@${staffId}` : id;
  });
}

/** The proof, as long as it is about the address that is written there now. */
export function proofOf(draft: Draft): string | null {
  return draft.proof?.email === emailOf(draft) ? draft.proof.token : null;
}

export function emailOf(draft: Draft): string {
  return draft.guest.email.trim();
}
