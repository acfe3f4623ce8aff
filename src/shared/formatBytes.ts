/** "340 kB", "2.1 MB", in a user's language. */
export function formatBytes(locale: string, sizeBytes: number): string {
  if (sizeBytes < 1_000_000)
    return formatUnit(locale, Math.max(1, Math.round(sizeBytes / 1000)), 'kilobyte');
  return formatUnit(locale, Math.round(sizeBytes / 100_000) / 10, 'megabyte');
}

/** A number with its unit, as `Intl` knows it. */
export function formatUnit(locale: string, value: number, unit: string): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}
