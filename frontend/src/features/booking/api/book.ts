import { answerOf } from "@/lib/problem";
import type { Attempt } from "../draft";
import type { Appointment, Booking } from "../types";
import { salonApi } from "./client";

export function postBooking(attempt: Attempt): Promise<Appointment> {
  return answerOf(
    salonApi.POST("/api/v1/booking/appointments", {
      params: { header: { "Idempotency-Key": attempt.key } },
      body: JSON.parse(attempt.body) as Booking,
    }),
  );
}
