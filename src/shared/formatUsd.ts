/** Whole cents, and of less than ten the two digits that count: "0.20", "0.045". */
export function formatUsd(locale: string, usd: number): string {
  const isSmall = usd < 0.1;
  const options = { minimumFractionDigits: 2, maximumFractionDigits: isSmall ? 6 : 2 };
  return new Intl.NumberFormat(locale, options).format(isSmall ? Number(usd.toPrecision(2)) : usd);
}
