import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { enhanceSignup } from "./enhance";

const FORM = `
  <form data-signup>
    <input name="name" /><input name="slug" />
    <p data-slug-status data-checking="Looking" data-free="Free" data-taken="Taken"
       data-reserved="Reserved" data-invalid="Too short"></p>
    <button type="submit" data-busy="Opening">Open</button>
  </form>
  <b data-preview="name" data-empty="Your salon"></b><i data-preview="slug"></i>`;

let answers: Record<string, { available: boolean; reason: string | null }>;

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = FORM;
  answers = {
    ottilie: { available: true, reason: null },
    admin: { available: false, reason: "reserved" },
    "salon-eva": { available: false, reason: "quarantined" },
  };
  vi.spyOn(window, "fetch").mockImplementation((url) => {
    const slug = (url as string).split("/").at(-1) ?? "";
    return Promise.resolve(new Response(JSON.stringify({ slug, ...answers[slug] })));
  });
  enhanceSignup(one("form") as HTMLFormElement);
});
afterEach(() => vi.useRealTimers());

function one(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
}

async function type(name: string, value: string): Promise<void> {
  const input = one(`[name="${name}"]`) as HTMLInputElement;
  input.value = value;
  input.dispatchEvent(new Event("input"));
  await vi.advanceTimersByTimeAsync(400);
}

const status = () => one("[data-slug-status]").textContent;
const slug = () => (one("[name=slug]") as HTMLInputElement).value;

test("the name suggests the address and both show in the preview", async () => {
  await type("name", "Ottilie");
  expect([slug(), status()]).toEqual(["ottilie", "Free"]);
  expect(one("[data-preview=name]").textContent).toBe("Ottilie");
  expect(one("[data-preview=slug]").textContent).toBe("ottilie");
});

test("an address that was chosen by hand is not written over", async () => {
  await type("slug", "ottilie");
  await type("name", "Something else");
  expect(slug()).toBe("ottilie");
});

test("reasons are told apart, and an unknown reason reads as taken", async () => {
  await type("slug", "admin");
  expect(status()).toBe("Reserved");
  await type("slug", "Salon Eva");
  expect([slug(), status()]).toEqual(["salon-eva", "Taken"]);
});

test("what cannot be an address is not asked about", async () => {
  await type("slug", "ab");
  expect(status()).toBe("Too short");
  expect(window.fetch).not.toHaveBeenCalled();
});

test("only the last of several quick changes is asked about", async () => {
  void type("slug", "ottili");
  await type("slug", "ottilie");
  expect(window.fetch).toHaveBeenCalledTimes(1);
});

test("a check that fails says nothing wrong", async () => {
  vi.mocked(window.fetch).mockRejectedValueOnce(new TypeError("offline"));
  await type("slug", "ottilie");
  expect(status()).toBe("");
});

test("a second submit is held back", async () => {
  one("form").dispatchEvent(new Event("submit"));
  await vi.runAllTimersAsync();
  const button = one("button") as HTMLButtonElement;
  expect([button.disabled, button.textContent]).toEqual([true, "Opening"]);
});
