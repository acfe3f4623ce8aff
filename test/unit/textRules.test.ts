import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from 'typescript-eslint';
import { Linter } from 'eslint';
import { editorTextRules, pageTextRules, siteRules } from './textRules.ts';

const root = join(import.meta.dirname, '../..');

function problemsIn(code: string, rules: typeof editorTextRules): string[] {
  const problems = new Linter().verify(
    code,
    {
      files: ['**/*.ts'],
      languageOptions: { parser },
      rules: { 'no-restricted-syntax': ['error', ...rules] },
    },
    'code.ts',
  );
  return problems.map(({ message }) => message);
}

/** The problems of the files that speak of `word`, without which they cannot have any. */
function problemsByFile(pattern: string, word: string, rules: typeof editorTextRules) {
  const found = new Map<string, string[]>();
  let files = 0;
  for (const path of globSync(pattern, { cwd: root })) {
    const code = readFileSync(join(root, path), 'utf8');
    if (!code.includes(word)) continue;
    files += 1;
    const problems = problemsIn(code, rules);
    if (problems.length > 0) found.set(path.replaceAll('\\', '/'), problems);
  }
  assert.ok(files > 20);
  return found;
}

describe('texts for the editor', () => {
  const refused = [
    "vscode.window.showErrorMessage('a')",
    "window.showInformationMessage('a')",
    'const { showWarningMessage } = vscode.window;',
    "vscode.window['showErrorMessage']('a')",
    'vscode.window?.withProgress(options, work)',
    'const show = vscode.window.setStatusBarMessage;',
    "window.createStatusBarItem('a')",
    'vscode.window.showQuickPick(items)',
    'vscode.window.createQuickPick<Item>()',
    'vscode.window.showInputBox()',
    'vscode.window.createInputBox()',
    'vscode.window.showOpenDialog({})',
    "new vscode.MarkdownString('a')",
    "import { MarkdownString } from 'vscode';",
    "vscode.l10n.t('{0}', name)",
    "l10n.t('{0}', name)",
    "vscode.l10n.t('{a}', { a: name })",
  ];
  for (const code of refused)
    it(`are not given to it by ${code}`, () => {
      assert.notDeepEqual(problemsIn(code, editorTextRules), []);
    });

  for (const code of [
    "fillIn(vscode.l10n.t('{0}'), name)",
    "inform(l10n.t('Saved'))",
    'vscode.window.showTextDocument(document)',
    "translate.t('{0}', name)",
  ])
    it(`may be ${code}`, () => {
      assert.deepEqual(problemsIn(code, editorTextRules), []);
    });

  it('are given to it by src/editor/say alone', () => {
    const found = problemsByFile('src/**/*.ts', 'vscode', editorTextRules);
    assert.deepEqual(
      [...found.keys()].filter((path) => !path.startsWith('src/editor/say/')),
      [],
    );
    const calls = [...found.values()].flat();
    assert.ok(calls.length >= 10, 'The rules find the editor’s functions where they are used');
  });
});

describe('an address of the web', () => {
  for (const code of [
    'void vscode.env.openExternal(uri)',
    'env?.openExternal(uri)',
    "vscode.env['openExternal'](uri)",
    'const { openExternal } = vscode.env;',
    'const open = env.openExternal;',
    'await vscode.env.asExternalUri(uri)',
  ])
    it(`is not opened by ${code}`, () => {
      assert.notDeepEqual(problemsIn(code, siteRules), []);
    });

  it('is opened by src/editor/openSite.ts alone', () => {
    const found = problemsByFile('src/**/*.ts', 'vscode', siteRules);
    assert.deepEqual([...found.keys()], ['src/editor/openSite.ts']);
  });
});

describe('texts of a page', () => {
  const refused = [
    'element.innerHTML = text;',
    "element['outerHTML'] = text;",
    "element.insertAdjacentHTML('beforeend', text)",
    'element.setHTMLUnsafe(text)',
    'document.write(text)',
    'frame.srcdoc = text;',
    'new DOMParser()',
    'range.createContextualFragment(text)',
    "import { unsafeHTML } from 'lit/directives/unsafe-html.js';",
    "import { unsafeSVG } from 'lit/directives/unsafe-svg.js';",
    "import { html, unsafeStatic } from 'lit/static-html.js';",
    'html`<div .innerHTML=${text}></div>`',
    'html`<iframe srcdoc="${text}"></iframe>`',
  ];
  for (const code of refused)
    it(`are not set by ${code}`, () => {
      assert.notDeepEqual(problemsIn(code, pageTextRules), []);
    });

  it('are set as text everywhere', () => {
    assert.deepEqual([...problemsByFile('src/webview/**/*.ts', '', pageTextRules)], []);
  });
});
