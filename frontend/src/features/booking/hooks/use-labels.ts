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
    return unbroken(hourly(hours, rest));
  };
  const hourly = (hours: number, rest: number): string => {
    if (hours === 0) return t`${rest} min`;
    return rest === 0 ? t`${hours} h` : t`${hours} h ${rest} min`;
  };
  const labelled = (money: Money, amount: string, isFrom: boolean): string => {
    if (!isFrom) return money.amount === 0 ? t`free of charge` : amount;
    return money.amount === 0 ? t`by agreement` : t`from ${amount}`;
  };
  const price = (money: Money, isFrom: boolean): string =>
    labelled(money, formatPrice(money, locale), isFrom);
  const total = (money: Money, isFrom: boolean): string =>
    labelled(money, formatMoney(money, locale), isFrom);
  const services = (count: number): string =>
    t`${plural(count, { one: "# service", other: "# services" })}`;

  return { duration, price, total, services };
}

/** "2 h 50 min" never falls apart at the end of a line. */
function unbroken(text: string): string {
  return text.replaceAll(" ", "\u00a0");
}
