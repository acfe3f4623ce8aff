import assert from 'node:assert/strict';
import { withoutGroup } from '../../../src/editor/menuArguments.ts';

describe('what a command was given by a menu', () => {
  const uri = { scheme: 'file', path: '/a.png' };
  it('has no group of editors', () => {
    assert.deepEqual(withoutGroup([uri, { groupId: 0 }]), [uri]);
  });

  for (const args of [[], [uri], [uri, uri], [{ groupId: 0 }], [uri, 'x'], [uri, { groupId: 'x' }]])
    it(`stays as it is otherwise: ${JSON.stringify(args)}`, () => {
      assert.deepEqual(withoutGroup(args), args);
    });
});
