import { answerOf } from "@/lib/problem";
import { salonApi } from "./client";

/** Sends six digits to the address, whether the salon knows it or not. */
export async function requestCode(email: string): Promise<void> {
  await answerOf(salonApi.POST("/api/v1/clients/contact-codes", { body: { email } }));
}

/** Exchanges the digits for what a booking carries as `client.proof`. */
export async function proveContact(email: string, code: string): Promise<string> {
  const answer = await answerOf(
    salonApi.POST("/api/v1/clients/contact-proofs", { body: { email, code } }),
  );
  return answer.proof;
}
