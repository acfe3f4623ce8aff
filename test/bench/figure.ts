/** One line of the benchmark's table. */
export interface Figure {
  name: string;
  value: string;
  limit?: string;
  isMet?: boolean;
}

/** The table as Markdown. */
export function toTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, limit, isMet }) => {
    const verdict = isMet === undefined ? '' : isMet ? 'yes' : '**no**';
    return `| ${name} | ${value} | ${limit ?? ''} | ${verdict} |`;
  });
  return ['| what | measured | limit | met |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
