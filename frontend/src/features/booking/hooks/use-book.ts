import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Problem, unreachable } from "@/lib/problem";
import { postBooking } from "../api/book";
import { attemptFor, bookingOf } from "../attempt";
import { readSetback } from "../setback";
import type { Appointment } from "../types";
import { useBooking } from "./use-booking";

/** Books what has been chosen; what stands in the way comes back as a setback. */
export function useBook(onBooked: (appointment: Appointment) => void) {
  const { draft, quote, dispatch, setSetback, go } = useBooking();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => {
      const booking = bookingOf(draft, quote);
      if (!booking) throw new Error("There is no time to book yet.");
      const attempt = attemptFor(booking, draft.attempt);
      dispatch({ type: "attempted", attempt });
      setSetback(null);
      return postBooking(attempt);
    },
    onSuccess: (appointment) => {
      onBooked(appointment);
    },
    onError: (error) => {
      const setback = readSetback(error instanceof Problem ? error : unreachable());
      setSetback(setback);
      if (setback.kind === "proofEnded") dispatch({ type: "proofEnded" });
      if (setback.kind === "guest" || setback.kind === "proofEnded") go("you");
      if (setback.kind === "services") go("services");
    },
    onSettled: () => client.removeQueries({ queryKey: ["availability"] }),
  });
}
