import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { formatMoney, formatPrice, type Money } from "@/lib/money";
import { useBooking } from "./use-booking";

/** Durations and prices in the words of the reader's language. */
export function useLabels() {
  const { locale } = useBooking();
  const { t } = useLingui();

  const duration = (minutes: number): string => {
    const hours = Math.floor(minutes / 60);
    const rest = minutes % 60;
    if (hours === 0) return t`${rest} min`;
    return rest === 0 ? t`${hours} h` : t`${hours} h ${rest} min`;
  };
  const price = (money: Money, isFrom: boolean): string => {
    const amount = formatPrice(money, locale);
    return isFrom ? t`from ${amount}` : amount;
  };
  const total = (money: Money, isFrom: boolean): string => {
    const amount = formatMoney(money, locale);
    return isFrom ? t`from ${amount}` : amount;
  };
  const services = (count: number): string =>
    t`${plural(count, { one: "# service", other: "# services" })}`;

  return { duration, price, total, services };
}
