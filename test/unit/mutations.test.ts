import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { troubles } from '../simulation/drawTroubles.ts';
import { furtherMutations } from '../simulation/mutations/further.ts';
import { knownFaults } from '../simulation/mutations/knownFaults.ts';
import { onceSurvivors } from '../simulation/mutations/onceSurvivors.ts';

const root = join(import.meta.dirname, '../..');

describe('the mutations', () => {
  for (const mutation of [...onceSurvivors, ...knownFaults, ...furtherMutations])
    it(`can be put into the sources: ${mutation.name}`, () => {
      const { file, find, replace, killedBy = [], focus = [] } = mutation;
      const source = readFileSync(join(root, file), 'utf8');
      assert.equal(source.split(find).length - 1, 1, `${file} has the text once`);
      assert.notEqual(find, replace);
      for (const test of killedBy) assert.ok(existsSync(join(import.meta.dirname, test)), test);
      for (const kind of focus) assert.ok(Object.hasOwn(troubles, kind), kind);
    });
});
