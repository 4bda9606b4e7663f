import type { operations } from "@/api/public";
import { looksLikeSlug, suggestSlug } from "@/lib/slug";

type SlugCheck = operations["checkSlug"]["responses"]["200"]["content"]["application/json"];

/** Not knowing is not wrong: nothing is said, and the server decides on submit. */
const UNSURE = "unsure";

/** The form works without any of this; here it suggests, checks and shows while one types. */
export function enhanceSignup(form: HTMLFormElement): void {
  form.querySelector<HTMLElement>("[data-error-summary]")?.focus();
  preventSecondSubmit(form);
  const name = field(form, "name");
  const slug = field(form, "slug");
  const status = form.querySelector<HTMLElement>("[data-slug-status]");
  if (!name || !slug || !status) return;

  const check = slugChecker(status);
  let chosen = slug.value !== "";
  name.addEventListener("input", () => {
    preview("name", name.value);
    if (chosen) return;
    slug.value = suggestSlug(name.value);
    preview("slug", slug.value);
    check(slug.value);
  });
  slug.addEventListener("input", () => {
    chosen = slug.value !== "";
    slug.value = slug.value.toLowerCase().replace(/\s+/g, "-");
    preview("slug", slug.value);
    check(slug.value);
  });
}

function field(form: HTMLFormElement, name: string): HTMLInputElement | null {
  return form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
}

function preview(name: "name" | "slug", value: string): void {
  const target = document.querySelector<HTMLElement>(`[data-preview="${name}"]`);
  if (target) target.textContent = value || (target.dataset["empty"] ?? "…");
}

function slugChecker(status: HTMLElement): (slug: string) => void {
  let timer = 0;
  let request: AbortController | undefined;
  const say = (state: string) => {
    status.dataset["state"] = state;
    status.textContent =
      state === UNSURE ? "" : (status.dataset[state] ?? status.dataset["taken"] ?? "");
  };
  return (slug) => {
    window.clearTimeout(timer);
    request?.abort();
    if (!looksLikeSlug(slug)) {
      say("invalid");
      return;
    }
    say("checking");
    const current = (request = new AbortController());
    timer = window.setTimeout(() => {
      void ask(slug, current.signal).then((state) => {
        if (!current.signal.aborted) say(state);
      });
    }, 300);
  };
}

async function ask(slug: string, signal: AbortSignal): Promise<string> {
  try {
    const answer = await fetch(`/api/v1/slugs/${encodeURIComponent(slug)}`, { signal });
    if (!answer.ok) return UNSURE;
    const check = (await answer.json()) as SlugCheck;
    return check.available ? "free" : (check.reason ?? "taken");
  } catch {
    return UNSURE;
  }
}

function preventSecondSubmit(form: HTMLFormElement): void {
  form.addEventListener("submit", () => {
    const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
    if (!button) return;
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset["busy"] ?? button.textContent;
    // Disabling at once would cancel this very submit in some browsers.
    window.setTimeout(() => (button.disabled = true));
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
}
