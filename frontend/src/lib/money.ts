export type Money = { readonly amount: number; readonly currency: string };

export function formatMoney({ amount, currency }: Money, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

/** Without the cents when there are none, for lists of prices. */
export function formatPrice({ amount, currency }: Money, locale: string): string {
  const format = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    trailingZeroDisplay: "stripIfInteger",
  });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

export function sum(prices: readonly Money[]): Money | null {
  const [first, ...others] = prices;
  if (!first) return null;
  return others.reduce<Money>(
    (total, price) => ({ amount: total.amount + price.amount, currency: total.currency }),
    first,
  );
}
