import type { Quote } from "./quote";
import { type Attempt, type Draft, emailOf, proofOf } from "./draft";
import type { Booking } from "./types";

export function bookingOf(draft: Draft, quote: Quote): Booking | null {
  if (!draft.start) return null;
  const proof = proofOf(draft);
  return {
    starts_at: draft.start.starts_at,
    lines: draft.optionIds.map((id) => ({ option_id: id, staff_id: draft.staff[id] ?? null })),
    client: {
      name: draft.guest.name.trim(),
      email: emailOf(draft),
      phone: draft.guest.phone.trim(),
      ...(proof && { proof }),
    },
    expected_total: draft.agreedTotal ?? quote.total,
  };
}

/**
 * The same wish keeps its key until it has succeeded: when an answer was lost, asking again
 * must find the first booking and not make a second. Another wish is another key.
 */
export function attemptFor(booking: Booking, previous: Attempt | null): Attempt {
  const body = JSON.stringify(booking);
  return previous?.body === body ? previous : { key: randomUuid(), body };
}

/** `crypto.randomUUID` is missing on plain http, where a salon may be tried out. */
function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte, index) => {
    if (index === 6) return ((byte & 0x0f) | 0x40).toString(16).padStart(2, "0");
    if (index === 8) return ((byte & 0x3f) | 0x80).toString(16).padStart(2, "0");
    return byte.toString(16).padStart(2, "0");
  }).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
