import { seededRandom } from '../fakeEvolink/random.ts';

/** `FAULT_SEED` repeats a run's choices, `FAULT_ROUNDS` makes it longer or shorter. */
export const faultSeed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 1e9));
export const faultRounds = Number(process.env['FAULT_ROUNDS'] ?? 300);

/** Choices of one part of the proof; the same for the same seed, whatever the other parts do. */
export function choicesFor(part: string) {
  let salt = 0;
  for (const char of part) salt = (salt * 31 + char.charCodeAt(0)) >>> 0;
  const random = seededRandom(faultSeed ^ salt);
  return {
    random,
    below: (limit: number) => Math.floor(random() * limit),
  };
}
