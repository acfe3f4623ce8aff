import { strict as assert } from 'node:assert';

/**
 * Counts what a user does in a journey: one action is a click, the keys of one shortcut, or Enter,
 * together with the words that were typed before it.
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
