import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { onlineManager, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { beforeEach, expect, test, vi } from "vitest";
import { newQueryClient } from "@/app/query-client";
import { BOOKED, FakeSalon, problem } from "@/test/fake-salon";
import { startAt } from "@/test/salon";
import { BookingFlow } from "./components/booking-flow";

const config = {
  salon: { name: "Ottilie", timezone: "Europe/Warsaw", currency: "EUR", url: "/" },
  locale: "en",
};
const NINE = startAt("2026-12-01T09:15:00+01:00", ["p-marta", "p-jonas"]);
const TEN = startAt("2026-12-01T10:00:00+01:00", ["p-jonas"]);

let salon: FakeSalon;
let user: ReturnType<typeof userEvent.setup>;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-30T08:00:00Z"), toFake: ["Date"] });
  salon = new FakeSalon({ "2026-11-30": [], "2026-12-01": [NINE, TEN] });
  user = userEvent.setup();
  return () => vi.useRealTimers();
});

function open() {
  const client = newQueryClient();
  // Only the waiting between two tries is left out.
  client.setDefaultOptions({ ...client.getDefaultOptions(), queries: { retry: false } });
  return render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={client}>
        <BookingFlow config={config} locale="en-GB" />
      </QueryClientProvider>
    </I18nProvider>,
  );
}

const press = async (name: string | RegExp) =>
  user.click(await screen.findByRole("button", { name }));
const heading = (name: string) => screen.findByRole("heading", { level: 1, name });

async function goToConfirm() {
  open();
  await press(/Short hair/);
  await press("Next");
  await heading("With whom?");
  await press("Next");
  await user.click(await screen.findByRole("radio", { name: "09:15" }));
  await press("Next");
  await user.type(await screen.findByRole("textbox", { name: "Name" }), "Ada");
  await user.type(screen.getByRole("textbox", { name: "E-mail" }), "ada@example.org");
  await press("Next");
  await heading("Is everything right?");
}

test("a guest books in five steps and gets the confirmation with its links", async () => {
  salon.replyToBooking(BOOKED);
  await goToConfirm();
  await press("Book now");

  expect(document.activeElement).toBe(await heading("See you on Tuesday 1 December"));
  expect(screen.getByText("09:15 with Jonas Weber")).toBeTruthy();
  const link = (name: string) => screen.getByRole("link", { name }).getAttribute("href");
  expect(link("Add to calendar")).toBe("http://salon.test/calendar/token.ics");
  expect(link("Change or cancel")).toBe("http://salon.test/manage/token");
  expect(salon.bookings.map((call) => call.body)).toEqual([
    {
      starts_at: "2026-12-01T09:15:00+01:00",
      lines: [{ option_id: "o-short", staff_id: null }],
      client: { name: "Ada", email: "ada@example.org", phone: "" },
      expected_total: { amount: 2600, currency: "EUR" },
    },
  ]);
});

test("the confirmation survives a reload, and the next visit starts afresh", async () => {
  salon.replyToBooking(BOOKED);
  await goToConfirm();
  await press("Book now");
  await heading("See you on Tuesday 1 December");
  expect(window.location.hash).toBe("#done");

  document.body.replaceChildren();
  open();
  await heading("See you on Tuesday 1 December");

  document.body.replaceChildren();
  window.history.replaceState(null, "", "/book");
  open();
  await screen.findByText("Nothing chosen yet");
});

test("a day says in words how many times it has", async () => {
  open();
  await press(/Short hair/);
  await press("Next");
  await press("Next");
  expect(await screen.findByRole("radio", { name: /1 December 2026, 2 times/ })).toBeTruthy();
  expect(screen.getByRole("radio", { name: /30 November 2026, full/ })).toHaveProperty(
    "disabled",
    true,
  );
});

test("the browser's back keeps every choice", async () => {
  await goToConfirm();
  window.history.back();
  expect(await screen.findByDisplayValue("ada@example.org")).toBeTruthy();
  window.history.back();
  const time = await screen.findByRole("radio", { name: "09:15" });
  await waitFor(() => expect(time.getAttribute("aria-checked")).toBe("true"));
});

test("a reload in the middle loses nothing", async () => {
  await goToConfirm();
  document.body.replaceChildren();
  open();
  await heading("Is everything right?");
  expect(screen.getByText("ada@example.org")).toBeTruthy();
});

test("the skip link leaves one at the step one is at", async () => {
  await goToConfirm();
  window.location.hash = "#main";
  await waitFor(() => expect(window.location.hash).toBe("#confirm"));
  await heading("Is everything right?");
});

test("nobody can jump ahead by the address", async () => {
  window.history.replaceState(null, "", "/book#confirm");
  open();
  await screen.findByRole("button", { name: /Short hair/ });
  expect(window.location.hash).toBe("#services");
});

test("after a lost answer the same key is sent again", async () => {
  salon.replyToBooking("networkFailure", problem(503, "unavailable"), BOOKED);
  await goToConfirm();
  await press("Book now");
  expect(await screen.findByText("We did not get an answer.")).toBeTruthy();
  await press("Try again");
  await waitFor(() => expect(salon.bookings).toHaveLength(2));
  await press("Try again");
  await heading("See you on Tuesday 1 December");
  expect(new Set(salon.bookings.map((call) => call.key)).size).toBe(1);
});

test("without a network the booking says so instead of waiting", async () => {
  salon.replyToBooking("networkFailure");
  await goToConfirm();
  onlineManager.setOnline(false);
  await press("Book now");
  expect(await screen.findByText("We did not get an answer.")).toBeTruthy();
  onlineManager.setOnline(true);
});

test("a taken time offers others, and booking one of them is a new wish", async () => {
  salon.replyToBooking(problem(409, "slot_taken", { alternatives: [TEN] }), BOOKED);
  await goToConfirm();
  await press("Book now");
  await press("Tue 1 Dec, 10:00");
  await press("Book now");
  await heading("See you on Tuesday 1 December");
  const [first, second] = salon.bookings;
  expect(second?.body["starts_at"]).toBe(TEN.starts_at);
  expect(second?.key).not.toBe(first?.key);
});

test("a changed price is booked only after it was agreed to", async () => {
  const total = { amount: 3000, currency: "EUR" };
  salon.replyToBooking(problem(409, "price_changed", { total }), BOOKED);
  await goToConfirm();
  await press("Book now");
  await screen.findByText("The price has changed.");
  await press("Book now");
  expect(salon.bookings).toHaveLength(1);
  await press("Go on with €30.00");
  await press("Book now");
  await heading("See you on Tuesday 1 December");
  expect(salon.bookings[1]?.body["expected_total"]).toEqual(total);
});

test("what the server says about a field stands at that field", async () => {
  salon.replyToBooking(problem(422, "invalid", { fields: { "client.email": "Unknown domain." } }));
  await goToConfirm();
  await press("Book now");
  const field = await screen.findByRole("textbox", { name: "E-mail" });
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText("Unknown domain.")).toBeTruthy();
});

test("services that do not load can be asked for again", async () => {
  vi.mocked(window.fetch).mockRejectedValueOnce(new TypeError("Failed to fetch"));
  open();
  await press("Try again");
  expect(await screen.findByRole("button", { name: /Short hair/ })).toBeTruthy();
});

test("first available goes back to the first week that has times", async () => {
  open();
  await press(/Short hair/);
  await press("Next");
  await press("Next");
  await screen.findByRole("radio", { name: "09:15" });
  await press("First available");
  const time = await screen.findByRole("radio", { name: "09:15" });
  await waitFor(() => expect(time.getAttribute("aria-checked")).toBe("true"));
});

test("an empty week says at once when the next time is", async () => {
  vi.setSystemTime(new Date("2026-11-16T08:00:00Z"));
  open();
  await press(/Short hair/);
  await press("Next");
  await press("Next");
  await screen.findByText(/The first one is on Tuesday,? 1 December 2026 at 09:15/);
  await press("Take me there");
  const time = await screen.findByRole("radio", { name: "09:15" });
  await waitFor(() => expect(time.getAttribute("aria-checked")).toBe("true"));
  expect(salon.looks.some((look) => look.get("to") === "2026-12-16")).toBe(true);
});

test("the line names the person that was asked for", async () => {
  open();
  await press(/Root tint/);
  await press("Next");
  const group = await screen.findByRole("radiogroup", { name: "Who does: Root tint" });
  await user.click(within(group).getByRole("radio", { name: /Jonas/ }));
  await press("Next");
  await waitFor(() => expect(salon.looks.at(-1)?.getAll("line")).toEqual(["o-tint@p-jonas"]));
});

/** jsdom draws no colours; contrast is looked at in a real browser. */
const AXE = { rules: { "color-contrast": { enabled: false } } };

test("no step breaks an accessibility rule", async () => {
  const { container } = open();
  await press(/Short hair/);
  for (const button of ["Next", "Next"]) {
    const { violations } = await axe.run(container, AXE);
    expect(violations).toEqual([]);
    await press(button);
  }
  await screen.findByRole("radio", { name: "09:15" });
  expect((await axe.run(container, AXE)).violations).toEqual([]);
});
