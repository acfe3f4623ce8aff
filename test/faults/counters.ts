import type { OfflineApi } from '../fakeEvolink/types.ts';

/** What the whole proof came to. Every audit adds to it. */
export const counters = {
  'faults injected': 0,
  kills: 0,
  'tasks accepted': 0,
  'images saved': 0,
  'jobs that say why not': 0,
  lost: 0,
  'billed twice': 0,
};

/** Adds the faults of a server that only one test used. */
export async function countFaults(api: OfflineApi): Promise<void> {
  for (const { hits } of await api.faults()) counters['faults injected'] += hits;
}

export function printCounters(): void {
  const width = Math.max(...Object.keys(counters).map((name) => name.length));
  console.log('');
  for (const [name, count] of Object.entries(counters))
    console.log(`  ${name.padEnd(width)}  ${String(count).padStart(6)}`);
}
