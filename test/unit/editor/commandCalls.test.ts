import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandCalls } from '../../host/commandCalls.ts';

const root = join(import.meta.dirname, '../../..');

describe('the table of what a link could call', () => {
  it('has every command of package.json', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      contributes: { commands: { command: string }[] };
    };
    const all = manifest.contributes.commands.map(({ command }) => command);
    assert.deepEqual([...new Set(commandCalls.map(({ command }) => command))], all);
  });

  it('has every door: commands are registered in one place, and addresses open nothing', () => {
    const doors = /\b(registerCommand|registerTextEditorCommand|registerUriHandler)\b/;
    const found = globSync('src/**/*.ts', { cwd: root }).filter((path) =>
      doors.test(readFileSync(join(root, path), 'utf8')),
    );
    assert.deepEqual(found, [join('src', 'extension.ts')]);
  });
});
