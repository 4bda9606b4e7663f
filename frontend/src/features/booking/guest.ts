import type { Guest } from "./types";

export type GuestFault = "missing" | "malformed";
export type GuestFaults = { readonly [Field in keyof Guest]?: GuestFault };

/** Only what is certainly wrong; the salon's server has the last word. */
export function guestFaults(guest: Guest): GuestFaults {
  const faults: { -readonly [Field in keyof Guest]?: GuestFault } = {};
  if (!guest.name.trim()) faults.name = "missing";
  if (!guest.email.trim()) faults.email = "missing";
  else if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(guest.email.trim())) faults.email = "malformed";
  const phone = guest.phone.trim();
  if (phone && !/^[+\d][\d\s()./-]{4,}$/.test(phone)) faults.phone = "malformed";
  return faults;
}
