import assert from 'node:assert/strict';
import { maxAttempts, upToDate } from '../../../src/document/upToDate.ts';

interface Text {
  name: string;
  version: number;
}

describe('what is worked out from texts', () => {
  it('is worked out again for a text that changed while the others were read', async () => {
    const one: Text = { name: 'one', version: 1 };
    const two: Text = { name: 'two', version: 1 };
    const asked: string[] = [];
    const results = await upToDate([one, two], async (text) => {
      const result = `${text.name} ${String(text.version)}`;
      asked.push(result);
      await Promise.resolve();
      if (asked.length === 2) one.version = 2;
      if (asked.length === 3) one.version = 3;
      return result;
    });
    assert.deepEqual(asked, ['one 1', 'two 1', 'one 2', 'one 3']);
    assert.deepEqual([...results.values()].toSorted(), ['one 3', 'two 1']);
  });

  it('leaves out a text that never comes to rest', async () => {
    const typed: Text = { name: 'typed', version: 1 };
    const still: Text = { name: 'still', version: 1 };
    let attempts = 0;
    const results = await upToDate([still, typed], (text) => {
      if (text === typed) {
        attempts += 1;
        text.version += 1;
      }
      return Promise.resolve(text.name);
    });
    assert.deepEqual([...results.keys()], [still]);
    assert.equal(attempts, maxAttempts);
  });
});
