import { strict as assert } from 'node:assert';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { activated } from '../hostContext.ts';
import { commandIds } from '../../../src/editor/contributions.ts';

interface Manifest {
  contributes: { keybindings: { key: string }[] };
}

describe('what the editor was told', () => {
  before(activated);

  it('has every command registered', async () => {
    const registered = await vscode.commands.getCommands(true);
    const ours = registered.filter((id) => /^imageStudio\.\w+$/.test(id));
    assert.deepEqual(ours.toSorted(), commandIds.toSorted());
  });

  it('has key bindings of its own that the editor does not use on any system', async () => {
    const uri = vscode.Uri.parse('vscode://defaultsettings/keybindings.json');
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    const ours = vscode.extensions.getExtension('image-studio.evolink-image-studio');
    const { contributes } = ours!.packageJSON as Manifest;
    const { keybindings } = contributes;
    const keys = new Set(keybindings.map(({ key }) => key));
    const used = [...text.matchAll(/"key": "([^"]*)",\s*"command": "([^"]*)"/g)];
    const onThese = used.filter(([, key = '']) => keys.has(key));
    assert.ok(keybindings.length > 0);
    assert.equal(onThese.length, keybindings.length);
    for (const [, , command = ''] of onThese) assert.match(command, /^imageStudio\./);
    // The editor's code has the chords of all systems: Ctrl+K or Cmd+K, then Shift and a letter.
    const [ctrlOrCmdAndK, shift, letterA] = [2048 + 41, 1024, 31];
    const workbench = readFileSync(workbenchFile(), 'utf8');
    const chords = [...workbench.matchAll(/\((\d+),(\d+)\)/g)]
      .filter(([, first]) => Number(first) === ctrlOrCmdAndK)
      .map(([, , second]) => Number(second));
    assert.ok(chords.length > 20);
    for (const key of keys) {
      const letter = key.charCodeAt(key.length - 1) - 'a'.charCodeAt(0);
      assert.ok(!chords.includes(shift + letterA + letter), key);
    }
  });

  /** All code of the window, in a browser or on the desktop. */
  function workbenchFile(): string {
    const [path] = globSync(
      'out/vs/{code/browser/workbench/workbench,workbench/workbench.desktop.main}.js',
      {
        cwd: vscode.env.appRoot,
      },
    );
    assert.ok(path !== undefined);
    return join(vscode.env.appRoot, path);
  }
});
