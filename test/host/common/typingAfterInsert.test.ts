import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { freshApi, run, workspaceFolder } from '../hostContext.ts';

/** A text of each kind, with what is selected when the image is ordered between the bars. */
const texts: Record<string, string> = {
  'a.md': '# Guide\n\n¦A harbour¦ at dawn.\n\nThe end.\n',
  'a.html': '<main>\n  <p>¦A harbour¦ at dawn.</p>\n  <p>The end.</p>\n</main>\n',
  'a.vue': '<template>\n  <p>¦A harbour¦ at dawn.</p>\n</template>\n',
  'a.svelte': '{#if a}\n  <p>¦A harbour¦ at dawn.</p>\n{/if}\n',
  'a.astro': '---\nconst a = 1;\n---\n<p>¦A harbour¦ at {a}.</p>\n',
  'a.tsx': 'const a = (\n  <main>\n    <p>¦A harbour¦ at dawn.</p>\n  </main>\n);\n',
  'a.pug': 'main\n  p ¦A harbour¦ at dawn.\n  p The end.\n',
  'a.adoc': '= Guide\n\n¦A harbour¦ at dawn.\n\nThe end.\n',
  'a.rst': 'Guide\n=====\n\n¦A harbour¦ at dawn.\n\nThe end.\n',
  'a.tex': '\\section{Guide}\n¦A harbour¦ at dawn.\n\nThe end.\n',
  'a.typ': '= Guide\n\n¦A harbour¦ at dawn.\n\nThe end.\n',
  'b.md': '# Guide\n\n¦¦\n\nThe end.\n',
  'b.css': '.a {\n  background: ¦¦;\n}\n',
  'b.html': '<td>¦A harbour¦ at dawn.</td>\n',
  'a.org': '* Guide\n\n¦A harbour¦ at dawn.\n\nThe end.\n',
};

describe('right after an image was inserted', () => {
  const folder = () => vscode.Uri.joinPath(workspaceFolder(), 'typed');
  const at = (...path: string[]) => vscode.Uri.joinPath(folder(), ...path);
  const solid = (text: string) => text.replace(/\s/g, '');

  before(async () => {
    await freshApi();
  });
  afterEach(async () => {
    await vscode.workspace.saveAll();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(folder(), { recursive: true });
  });

  const press = (text: string) => vscode.commands.executeCommand('type', { text });

  for (const [name, marked] of Object.entries(texts))
    for (const isSelected of marked.includes('¦¦') ? [false] : [true, false])
      it(`typing, Enter, Undo and Redo lose nothing: ${name}${isSelected ? ', words selected' : ''}`, async () => {
        const [lead = '', words = '', trail = ''] = marked.split('¦');
        const before = lead + words + trail;
        // The editor may still hold the text that another test had under the same address.
        const uri = at(isSelected ? 'selected' : 'unselected', name);
        await vscode.workspace.fs.writeFile(uri, Buffer.from(before));
        const editor = await vscode.window.showTextDocument(uri, { preview: false });
        const { document } = editor;
        const end = document.positionAt((lead + words).length - Math.min(3, words.length));
        editor.selection = new vscode.Selection(
          isSelected ? document.positionAt(lead.length) : end,
          isSelected ? document.positionAt((lead + words).length) : end,
        );
        await run('insertImage', vscode.Uri.joinPath(uri, '../fox.png'));
        const inserted = document.getText();
        const offset = document.offsetAt(editor.selection.active);
        assert.ok(editor.selection.isEmpty, 'something is selected');
        assert.match(inserted.slice(0, offset), /fox\.png[^\n]*(?:\n +:[^\n]*)*$/);
        assert.equal(solid(inserted).length - solid(before).length > 5, true);

        await press('x');
        const typed = `${inserted.slice(0, offset)}x${inserted.slice(offset)}`;
        assert.equal(document.getText(), typed);
        await press('\n');
        assert.equal(solid(document.getText()), solid(typed));
        const steps: string[] = [];
        while (document.getText() !== before && steps.length < 6) {
          steps.push(document.getText());
          await vscode.commands.executeCommand('undo');
        }
        assert.equal(steps.at(-1), inserted, 'the image is one step of its own');
        assert.equal(document.getText(), before);

        await vscode.commands.executeCommand('redo');
        assert.equal(document.getText(), inserted);
        await press('y');
        assert.equal(solid(document.getText()).replace('y', ''), solid(inserted));
      });
});
