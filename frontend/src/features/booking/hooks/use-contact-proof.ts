import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Problem, unreachable } from "@/lib/problem";
import { proveContact, requestCode } from "../api/contact";
import { emailOf, proofOf } from "../draft";
import { useBooking } from "./use-booking";

/** Proving that one reads the address one has written: a code goes there and comes back. */
export function useContactProof() {
  const { draft, dispatch, setSetback } = useBooking();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const email = emailOf(draft);

  const sending = useMutation({
    mutationFn: () => requestCode(email),
    onSuccess: () => setSentTo(email),
  });
  const checking = useMutation({
    mutationFn: (code: string) => proveContact(email, code),
    onSuccess: (token) => {
      dispatch({ type: "contactProven", email, token });
      setSetback(null);
    },
  });

  return {
    email,
    isProven: proofOf(draft) !== null,
    /** Another address since then: its code would be another one. */
    isSent: sentTo === email,
    isBusy: sending.isPending || checking.isPending,
    send: () => {
      checking.reset();
      sending.mutate();
    },
    check: (code: string) => {
      sending.reset();
      checking.mutate(code);
    },
    problem: asProblem(sending.error ?? checking.error),
  };
}

function asProblem(error: Error | null): Problem | null {
  if (!error) return null;
  return error instanceof Problem ? error : unreachable();
}
