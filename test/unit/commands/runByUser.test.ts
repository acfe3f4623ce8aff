import assert from 'node:assert/strict';
import { isRunByUser, nothingDone } from '../../../src/commands/runByUser.ts';

describe('who ran a command', () => {
  /** As the editor gives it. */
  const uri = { scheme: 'file', path: '/a.png' };
  const cases: [string, unknown[], boolean][] = [
    ['from the palette', [], true],
    ['by a key without arguments', [undefined], true],
    ['in the explorer', [uri, [uri, uri]], true],
    ['by a key that sets the size', [{ size: '2:3' }], true],
    ['with a prompt', [{ prompt: 'a fox' }], false],
    ['with images and a prompt', [uri, undefined, { prompt: 'a fox' }], false],
    ['with the id of a task', ['task-1'], false],
  ];
  for (const [how, args, expected] of cases)
    it(`is ${expected ? 'a user' : 'a program'} when it is run ${how}`, () => {
      assert.equal(isRunByUser(args), expected);
    });

  it('gets an answer of the shape that the command has', () => {
    assert.deepEqual(nothingDone('imageStudio.edit'), { images: [], failures: [] });
    assert.equal(nothingDone('imageStudio.setApiKey'), false);
    assert.deepEqual(nothingDone('imageStudio.checkConnection'), {
      ok: false,
      code: 'writeFailed',
    });
    assert.equal(nothingDone('imageStudio.showJobs'), undefined);
  });
});
