import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { warmCatalogue } from "@/features/booking/api/catalogue";
import { BookingFlow } from "@/features/booking/components/booking-flow";
import { readConfig } from "@/features/booking/config";
import { formatLocale, speak } from "@/lib/i18n";
import { newQueryClient } from "./query-client";

/** Mounts the booking flow over the skeleton that the server drew. */
export async function mountBooking(root: Document): Promise<void> {
  const place = root.getElementById("booking");
  if (!place) return;
  const config = readConfig(root);
  const client = newQueryClient();
  warmCatalogue(client);
  await speak(config.locale);
  createRoot(place).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <QueryClientProvider client={client}>
          <BookingFlow config={config} locale={formatLocale(config.locale)} />
        </QueryClientProvider>
      </I18nProvider>
    </StrictMode>,
  );
}
