import { parentPort, workerData } from 'node:worker_threads';
import { type HostileText, hostileTexts, textOf } from './hostileTexts.ts';

/** Tries one expression after the other, and says how long its slowest hostile text took. */
export interface Tried {
  index: number;
  /** Processor time, which does not count what else the machine does. */
  ms: number;
  slowest: HostileText;
}

export interface MatchWork {
  expressions: readonly { source: string; flags: string }[];
  first: number;
  /** Length of the texts among which the slowest are found, and lengths at which they are measured. */
  searchChars: number;
  lengths: readonly number[];
  /** A slower one is not measured at greater lengths. */
  limitMs: number;
}

const slowestCount = 4;
const repetitions = 3;

const { expressions, first, searchChars, lengths, limitMs } = workerData as MatchWork;
for (const [index, { source, flags }] of expressions.entries()) {
  if (index < first) continue;
  const expression = new RegExp(source, flags);
  // Compiled by the first match, so that the search compares matches.
  matchAll(expression, 'x');
  const slowest = hostileTexts(source)
    .map((text) => ({ text, ms: msOf(expression, textOf(text, searchChars)) }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, slowestCount)
    .map(({ text }) => ({ index, ms: longestMs(expression, text), slowest: text }))
    .sort((a, b) => b.ms - a.ms)[0];
  parentPort?.postMessage(slowest satisfies Tried | undefined);
}

function longestMs(expression: RegExp, hostile: HostileText): number {
  let ms = 0;
  for (const length of lengths) {
    const text = textOf(hostile, length);
    // The fastest, because the machine may have been busy.
    ms = Math.min(...Array.from({ length: repetitions }, () => msOf(expression, text)));
    if (ms > limitMs) break;
  }
  return ms;
}

function msOf(expression: RegExp, text: string): number {
  const before = process.threadCpuUsage();
  matchAll(expression, text);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/** As the source uses it: once, or to the end of the text. */
function matchAll(expression: RegExp, text: string): void {
  expression.lastIndex = 0;
  if (expression.global) text.replace(expression, '');
  else if (expression.sticky) while ((expression.exec(text)?.[0] ?? '') !== '');
  else expression.exec(text);
}
