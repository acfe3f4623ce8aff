import assert from 'node:assert/strict';
import { remembering } from '../../../src/document/remembering.ts';

describe('what is looked up for the cursor', () => {
  it('is looked up once for all its moves, and again after a while', async () => {
    const asked: string[] = [];
    let nowMs = 0;
    const find = remembering(
      (file: string) => {
        asked.push(file);
        return Promise.resolve(file.toUpperCase());
      },
      () => nowMs,
    );
    for (let move = 0; move < 5; move += 1) assert.equal(await find('a'), 'A');
    assert.equal(await find('b'), 'B');
    assert.deepEqual(asked, ['a', 'b']);
    nowMs = 60_000;
    await find('a');
    assert.deepEqual(asked, ['a', 'b', 'a']);
  });

  it('is looked up again when that failed', async () => {
    let calls = 0;
    const find = remembering(
      () => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error('locked')) : Promise.resolve('there');
      },
      () => 0,
    );
    await assert.rejects(find('a'), /locked/);
    assert.equal(await find('a'), 'there');
  });

  it('is not remembered without end', async () => {
    let calls = 0;
    const find = remembering(
      () => Promise.resolve((calls += 1)),
      () => 0,
    );
    assert.equal(await find('first'), 1);
    for (let other = 0; other < 100; other += 1) await find(`other ${String(other)}`);
    assert.equal(await find('first'), 102);
  });
});
