import * as z from "zod/mini";
import type { Money } from "@/lib/money";
import type { Problem } from "@/lib/problem";
import type { Guest, Start } from "./types";

/** Why a booking did not come about, in the terms of what one can do next. */
export type Setback =
  | { kind: "timeGone"; message: string; alternatives: Start[] }
  | { kind: "priceChanged"; total: Money }
  | { kind: "guest"; fields: Partial<Record<keyof Guest, string>> }
  | { kind: "services"; message: string }
  /** The code was confirmed too long ago. */
  | { kind: "proofEnded" }
  | { kind: "uncertain" }
  | { kind: "tooMany" }
  | { kind: "refused"; message: string };

const Alternatives = z.array(
  z.object({
    starts_at: z.string(),
    lines: z.array(z.object({ staff_ids: z.array(z.string()) })),
  }),
);
const Total = z.object({ amount: z.number(), currency: z.string() });

const TIME_GONE = new Set(["slot_taken", "not_offered", "in_the_past", "too_soon", "too_far"]);

export function readSetback(problem: Problem): Setback {
  if (problem.isUncertain) return { kind: "uncertain" };
  if (problem.status === 429) return { kind: "tooMany" };
  if (TIME_GONE.has(problem.code)) {
    const alternatives = Alternatives.safeParse(problem.body["alternatives"]);
    return {
      kind: "timeGone",
      message: problem.message,
      alternatives: alternatives.success ? alternatives.data : [],
    };
  }
  const total = Total.safeParse(problem.body["total"]);
  if (problem.code === "price_changed" && total.success) {
    return { kind: "priceChanged", total: total.data };
  }
  return readFields(problem);
}

function readFields(problem: Problem): Setback {
  const fields: Partial<Record<keyof Guest, string>> = {};
  let aboutLines = false;
  for (const [path, message] of Object.entries(problem.fields)) {
    const segments = path.split(".");
    const name = segments.at(-1) ?? "";
    if (path === "client.proof") return { kind: "proofEnded" };
    if (segments.includes("client") && isGuestField(name)) fields[name] = message;
    else if (segments.includes("lines")) aboutLines = true;
  }
  if (Object.keys(fields).length > 0) return { kind: "guest", fields };
  if (aboutLines) return { kind: "services", message: problem.message };
  return { kind: "refused", message: problem.message };
}

function isGuestField(name: string): name is keyof Guest {
  return name === "name" || name === "email" || name === "phone";
}
