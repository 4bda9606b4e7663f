import { i18n, type Messages } from "@lingui/core";

type Language = { load: () => Promise<{ messages: Messages }>; format: string };

const ENGLISH: Language = { load: () => import("../locales/en.po"), format: "en-GB" };

const LANGUAGES: Record<string, Language> = {
  en: ENGLISH,
  de: { load: () => import("../locales/de.po"), format: "de-DE" },
  pl: { load: () => import("../locales/pl.po"), format: "pl-PL" },
};

export async function speak(locale: string): Promise<void> {
  const known = locale in LANGUAGES ? locale : "en";
  const { messages } = await (LANGUAGES[known] ?? ENGLISH).load();
  i18n.loadAndActivate({ locale: known, messages });
}

/** The locale of dates and money: English here puts the day before the month. */
export function formatLocale(locale: string): string {
  return (LANGUAGES[locale] ?? ENGLISH).format;
}
