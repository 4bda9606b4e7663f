import type { Draft } from "./draft";
import { guestFaults } from "./guest";

export const STEPS = ["services", "who", "when", "you", "confirm"] as const;
export type Step = (typeof STEPS)[number];

export function isStep(name: string): name is Step {
  return (STEPS as readonly string[]).includes(name);
}

/** How far what has been chosen carries; nobody can jump past an open question. */
export function furthestStep(draft: Draft): Step {
  if (draft.optionIds.length === 0) return "services";
  if (!draft.start) return "when";
  return Object.keys(guestFaults(draft.guest)).length > 0 ? "you" : "confirm";
}

export function isReachable(step: Step, draft: Draft): boolean {
  return STEPS.indexOf(step) <= STEPS.indexOf(furthestStep(draft));
}

export function before(step: Step): Step | null {
  return STEPS[STEPS.indexOf(step) - 1] ?? null;
}
