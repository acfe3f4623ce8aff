import { formatUnit } from '../../shared/formatBytes.ts';

/** Longer than what is read of a value within a sentence, be it a prompt or a path. */
const maxValueChars = 1_000;

/** Fills the placeholders `{0}`, `{1}`, … of a message; of a long value its beginning. */
export function fill(sentence: string, ...values: (string | number)[]): string {
  return sentence.replaceAll(/\{(\d+)\}/g, (whole, index: string) => {
    const value = values[Number(index)];
    return value === undefined ? whole : beginningOf(String(value));
  });
}

/** What is read of a text of any length. */
export function beginningOf(value: string): string {
  if (value.length <= maxValueChars) return value;
  return `${value.slice(0, maxValueChars).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** As many as a number and the end of a file's name have. */
const endGraphemes = 8;

/** A name in two parts, the second of which tells it from its variations and is never cut. */
export function splitName(name: string): [begin: string, end: string] {
  const signs = Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment);
  const at = Math.max(0, signs.length - endGraphemes);
  return [signs.slice(0, at).join(''), signs.slice(at).join('')];
}

/** Counts code points, as the provider does, not UTF-16 units. */
export function countChars(text: string): number {
  let chars = 0;
  for (const _ of text) chars++;
  return chars;
}

export function formatNumber(locale: string, value: number): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value);
}

/** "34 s", "2 m 5 s": as short as a cell needs it. */
export function formatDuration(locale: string, durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const parts = [
    { value: Math.floor(seconds / 3600), unit: 'hour' },
    { value: Math.floor(seconds / 60) % 60, unit: 'minute' },
    { value: seconds >= 3600 ? 0 : seconds % 60, unit: 'second' },
  ].filter(({ value }) => value > 0);
  const shown = parts.length > 0 ? parts : [{ value: 0, unit: 'second' }];
  return shown.map(({ value, unit }) => formatTime(locale, value, unit)).join(' ');
}

/** "34 s", where Intl offers only "34 sec" and "34s". */
function formatTime(locale: string, value: number, unit: string): string {
  if (unit !== 'second') return formatUnit(locale, value, unit);
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow' });
  return format.format(value).replace(/(\d)([a-z])/i, '$1\u00a0$2');
}

export function formatMoment(locale: string, moment: number): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(
    moment,
  );
}

export function startOfDay(moment: number): number {
  return new Date(moment).setHours(0, 0, 0, 0);
}

/** "Today", "Yesterday", or a date, with its year when it is not this one. */
export function formatDay(
  locale: string,
  day: number,
  now: number,
  names: { today: string; yesterday: string },
): string {
  const today = startOfDay(now);
  if (day === today) return names.today;
  // Noon of the day before: a day may have 23 or 25 hours.
  if (day === startOfDay(today - 12 * 3_600_000)) return names.yesterday;
  const isThisYear = new Date(day).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(day);
}

/** The remaining time, rounded up as coarsely as the estimate is. */
export function roundRemaining(remainingMs: number): number {
  const stepMs = remainingMs > 60_000 ? 10_000 : remainingMs > 10_000 ? 5_000 : 1_000;
  return Math.max(stepMs, Math.ceil(remainingMs / stepMs) * stepMs);
}
