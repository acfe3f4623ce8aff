import { strict as assert } from 'node:assert';

/**
 * Counts what a user does in a journey: one action is a click, a key with those held down beside it,
 * or words that are typed in one go.
 */
export function createActions() {
  const done: string[] = [];

  const act = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    await work();
    done.push(what);
  };
  /** @throws AssertionError that names them when there were more, or fewer */
  const expectCount = (count: number): void => assert.equal(done.length, count, done.join(', '));

  return { act, expectCount };
}
