import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { activated } from '../hostContext.ts';
import { commandIds } from '../../../src/editor/contributions.ts';

describe('what the editor was told', () => {
  before(activated);

  it('has every command registered', async () => {
    const registered = await vscode.commands.getCommands(true);
    const ours = registered.filter((id) => /^imageStudio\.\w+$/.test(id));
    assert.deepEqual(ours.toSorted(), commandIds.toSorted());
  });
});
