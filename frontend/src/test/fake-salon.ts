import { vi } from "vitest";
import type { Start } from "@/features/booking/types";
import { CUT, JONAS, MARTA, TINT } from "./salon";

export type Call = { readonly key: string | null; readonly body: Record<string, unknown> };

type Reply = { status: number; body: unknown } | "networkFailure";

/** A salon's API behind `fetch`: the real shapes, and a script of answers to bookings. */
export class FakeSalon {
  readonly bookings: Call[] = [];
  readonly looks: URLSearchParams[] = [];
  /** What was asked about an address: the one a code goes to, and the codes that came back. */
  readonly contacts: Record<string, unknown>[] = [];
  private replies: Reply[] = [];
  private contactReplies: Reply[] = [];

  constructor(private readonly days: Readonly<Record<string, readonly Start[]>>) {
    vi.spyOn(window, "fetch").mockImplementation((request) => this.answer(request as Request));
  }

  replyToBooking(...replies: Reply[]): void {
    this.replies.push(...replies);
  }

  replyToContact(...replies: Reply[]): void {
    this.contactReplies.push(...replies);
  }

  private async answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    switch (url.pathname) {
      case "/api/v1/catalog/services":
        return json(200, { items: [CUT, TINT], next_cursor: null });
      case "/api/v1/staff":
        return json(200, { items: [MARTA, JONAS], next_cursor: null });
      case "/api/v1/booking/availability":
        return this.look(url.searchParams);
      case "/api/v1/booking/appointments":
        return this.book(request);
      case "/api/v1/clients/contact-codes":
      case "/api/v1/clients/contact-proofs":
        return this.contact(request);
      default:
        return json(404, { code: "not_found" });
    }
  }

  private look(query: URLSearchParams): Response {
    this.looks.push(query);
    const from = query.get("from") ?? "";
    const to = query.get("to") ?? "";
    const days = Object.entries(this.days)
      .filter(([date]) => from <= date && date <= to)
      .map(([date, starts]) => ({ date, starts }));
    return json(200, { timezone: "Europe/Warsaw", days });
  }

  private async book(request: Request): Promise<Response> {
    const body = (await request.json()) as Record<string, unknown>;
    this.bookings.push({ key: request.headers.get("Idempotency-Key"), body });
    return said(this.replies.shift());
  }

  private async contact(request: Request): Promise<Response> {
    this.contacts.push((await request.json()) as Record<string, unknown>);
    return said(this.contactReplies.shift());
  }
}

function said(reply: Reply | undefined): Response {
  if (!reply) throw new Error("The test did not say what the salon answers.");
  if (reply === "networkFailure") throw new TypeError("Failed to fetch");
  return json(reply.status, reply.body);
}

function json(status: number, body: unknown): Response {
  const type = status < 400 ? "application/json" : "application/problem+json";
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": type } });
}

export function problem(status: number, code: string, extras: Record<string, unknown> = {}) {
  const body = { type: "about:blank", title: code, status, code, detail: code, fields: {} };
  return { status, body: { ...body, request_id: "r-1", ...extras } };
}

export const CODE_SENT = { status: 202, body: { expires_in: 600 } };
export const PROVEN = { status: 200, body: { proof: "signed", expires_in: 1800 } };

export const BOOKED = {
  status: 201,
  body: {
    id: "a-1",
    state: "booked",
    version: 1,
    starts_at: "2026-12-01T09:15:00+01:00",
    ends_at: "2026-12-01T09:45:00+01:00",
    timezone: "Europe/Warsaw",
    lines: [
      {
        id: "l-1",
        option_id: "o-short",
        service_name: "Cut",
        option_name: "Short hair",
        staff_id: "p-jonas",
        staff_name: "Jonas Weber",
        starts_at: "2026-12-01T09:15:00+01:00",
        ends_at: "2026-12-01T09:45:00+01:00",
        state: "booked",
        price: { amount: 2600, currency: "EUR" },
      },
    ],
    client: { id: "c-1", name: "Ada" },
    total: { amount: 2600, currency: "EUR" },
    manage_url: "http://salon.test/manage/token",
    ics_url: "http://salon.test/calendar/token.ics",
  },
};
