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
