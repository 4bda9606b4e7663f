import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { beforeEach, expect, test, vi } from "vitest";
import { newQueryClient } from "@/app/query-client";
import { BOOKED, CODE_SENT, FakeSalon, problem, PROVEN } from "@/test/fake-salon";
import { startAt } from "@/test/salon";
import { BookingFlow } from "./components/booking-flow";

const config = {
  salon: { name: "Ottilie", timezone: "Europe/Warsaw", currency: "EUR", url: "/" },
  locale: "en",
};
const NINE = startAt("2026-12-01T09:15:00+01:00", ["p-marta", "p-jonas"]);

let salon: FakeSalon;
let user: ReturnType<typeof userEvent.setup>;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-30T08:00:00Z"), toFake: ["Date"] });
  salon = new FakeSalon({ "2026-12-01": [NINE] });
  user = userEvent.setup();
  return () => vi.useRealTimers();
});

const press = async (name: string | RegExp) =>
  user.click(await screen.findByRole("button", { name }));
const field = (name: string) => screen.findByRole("textbox", { name });

async function goToYou(email = "ada@example.org") {
  const view = render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={newQueryClient()}>
        <BookingFlow config={config} locale="en-GB" />
      </QueryClientProvider>
    </I18nProvider>,
  );
  await press(/Short hair/);
  await press("Next");
  await press("Next");
  await user.click(await screen.findByRole("radio", { name: "09:15" }));
  await press("Next");
  await user.type(await field("Name"), "Ada");
  if (email) await user.type(await field("E-mail"), email);
  await press("Already a client?");
  return view;
}

async function enter(code: string) {
  await user.type(await field("Code from the e-mail"), code);
  await press("Confirm the address");
}

test("a client proves the address, and the booking carries the proof", async () => {
  salon.replyToContact(CODE_SENT, PROVEN);
  salon.replyToBooking(BOOKED);
  await goToYou();
  await press("Send me a code");
  expect(document.activeElement).toBe(await field("Code from the e-mail"));
  await enter("123 456");

  const said = await screen.findByText(/ada@example.org is confirmed/);
  await waitFor(() => expect(document.activeElement).toBe(said.parentElement));
  await press("Next");
  await press("Book now");
  await screen.findByRole("heading", { name: /See you on/ });
  expect(salon.contacts).toEqual([
    { email: "ada@example.org" },
    { email: "ada@example.org", code: "123456" },
  ]);
  expect(salon.bookings[0]?.body["client"]).toEqual({
    name: "Ada",
    email: "ada@example.org",
    phone: "",
    proof: "signed",
  });
});

test("whoever just goes on is asked for nothing", async () => {
  salon.replyToBooking(BOOKED);
  await goToYou();
  await press("Next");
  await press("Book now");
  await screen.findByRole("heading", { name: /See you on/ });
  expect(salon.contacts).toEqual([]);
  expect(salon.bookings[0]?.body["client"]).not.toHaveProperty("proof");
});

test("without an address there is nowhere to send a code", async () => {
  await goToYou("");
  await press("Send me a code");
  expect(document.activeElement).toBe(await field("E-mail"));
  expect(screen.getByText("Please leave your e-mail address.")).toBeTruthy();
  expect(salon.contacts).toEqual([]);
});

test("a wrong code says so at its field and may be tried again", async () => {
  const refused = problem(422, "code_refused", { detail: "This code is wrong or too old." });
  salon.replyToContact(CODE_SENT, refused, PROVEN);
  await goToYou();
  await press("Send me a code");
  await enter("12345");
  expect(screen.getByText("The code has six digits.")).toBeTruthy();
  expect(salon.contacts).toHaveLength(1);
  await enter("0");
  await screen.findByText("This code is wrong or too old.");
  expect((await field("Code from the e-mail")).getAttribute("aria-invalid")).toBe("true");
  await press("Confirm the address");
  await screen.findByText(/is confirmed/);
});

test.each([
  [problem(429, "too_many_requests"), /That was a little often/],
  [problem(422, "contact_invalid", { fields: { email: "No such address." } }), "No such address."],
  ["networkFailure" as const, "That did not work. Please try again."],
])("a code that is not sent stands in nobody's way", async (reply, words) => {
  salon.replyToContact(reply);
  await goToYou();
  await press("Send me a code");
  await screen.findByText(words);
  await press("Next");
  await screen.findByRole("heading", { name: "Is everything right?" });
});

test("another address needs a code of its own", async () => {
  salon.replyToContact(CODE_SENT, PROVEN);
  await goToYou();
  await press("Send me a code");
  await enter("123456");
  await screen.findByText(/is confirmed/);
  await user.type(await field("E-mail"), "x");
  await press("Already a client?");
  await screen.findByRole("button", { name: "Send me a code" });
});

test("a proof that has run out is asked for again, and nothing is lost", async () => {
  salon.replyToContact(CODE_SENT, PROVEN);
  const fields = { "client.proof": "This code is wrong or too old." };
  salon.replyToBooking(problem(422, "contact_invalid", { fields }), BOOKED);
  await goToYou();
  await press("Send me a code");
  await enter("123456");
  await screen.findByText(/is confirmed/);
  await press("Next");
  await press("Book now");
  await screen.findByText("Your code was confirmed too long ago.");
  await press("Next");
  await press("Book now");
  await screen.findByRole("heading", { name: /See you on/ });
  expect(salon.bookings[1]?.body["client"]).not.toHaveProperty("proof");
});

test("neither the offer nor the code breaks an accessibility rule", async () => {
  salon.replyToContact(CODE_SENT, PROVEN);
  const { container } = await goToYou();
  const rules = { rules: { "color-contrast": { enabled: false } } };
  const check = async () => expect((await axe.run(container, rules)).violations).toEqual([]);
  await check();
  await press("Send me a code");
  await field("Code from the e-mail");
  await check();
  await enter("123456");
  await screen.findByText(/is confirmed/);
  await check();
});
