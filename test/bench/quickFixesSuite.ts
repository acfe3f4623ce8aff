import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';

/** What requests for quick fixes took in the extension host, in milliseconds. */
export interface QuickFixTimes {
  /** Each the first in a document that was never read, and in one whose only provider is empty. */
  first: number[];
  emptyFirst: number[];
  /** At rest, in our document and in one whose only provider is empty. */
  ours: number[];
  empty: number[];
  /** The same, each after a letter was typed. */
  oursTyping: number[];
  emptyTyping: number[];
  longestBlockMs: number;
}

const lines = 10_000;
const requests = 60;
const settleMs = 6_000;
const neverRead = 9;
/** Between two texts that a user opens. */
const pauseMs = 500;

/** Asks for quick fixes in a long text in Markdown, and in the same text that nobody knows. */
export async function run(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder) throw new Error('No folder is open');
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  // No extension of the editor knows these names, so that there is one provider for each.
  const ours = await openText(vscode.Uri.joinPath(folder, 'long.qmd'));
  const empty = await openText(vscode.Uri.joinPath(folder, 'long.txt'));
  const other = await openText(vscode.Uri.joinPath(folder, 'other.txt'));
  const small = await openText(vscode.Uri.joinPath(folder, 'small.qmd'), '![a](b.png)\n');
  vscode.languages.registerCodeActionsProvider(
    { pattern: '**/*.txt' },
    { provideCodeActions: () => [] },
  );
  // Bundles are loaded once in a window.
  await ask(small, 0);
  await ask(other, 0);
  const delay = monitorEventLoopDelay({ resolution: 2 });
  delay.enable();
  const times: QuickFixTimes = {
    first: [],
    emptyFirst: [],
    ours: [],
    empty: [],
    oursTyping: [],
    emptyTyping: [],
    longestBlockMs: 0,
  };
  for (let index = 0; index < neverRead; index += 1)
    for (const [end, into] of [
      ['qmd', times.first],
      ['txt', times.emptyFirst],
    ] as const) {
      const text = await openText(vscode.Uri.joinPath(folder, `first-${String(index)}.${end}`));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      into.push(await ask(text, lines / 2 + 4));
    }
  for (let index = 0; index < requests; index += 1) {
    const line = (index * 167) % lines;
    times.ours.push(await ask(ours, line));
    times.empty.push(await ask(empty, line));
  }
  for (let index = 0; index < requests; index += 1) {
    const line = (index * 167) % lines;
    for (const [text, into] of [
      [ours, times.oursTyping],
      [empty, times.emptyTyping],
    ] as const) {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(text.uri, new vscode.Position(line, 0), 'x');
      await vscode.workspace.applyEdit(edit);
      into.push(await ask(text, line));
    }
  }
  delay.disable();
  times.longestBlockMs = delay.max / 1e6;
  for (const text of [ours, empty]) await vscode.window.showTextDocument(text).then(revert);
  writeFileSync(process.env['IMAGE_STUDIO_BENCH_RESULTS'] ?? '', JSON.stringify(times));
}

async function revert(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}

async function openText(uri: vscode.Uri, content = longText()): Promise<vscode.TextDocument> {
  await vscode.workspace.fs.writeFile(uri, Buffer.from(content));
  return await vscode.workspace.openTextDocument(uri);
}

async function ask(text: vscode.TextDocument, line: number): Promise<number> {
  const at = new vscode.Position(line, 4);
  const startedMs = performance.now();
  await vscode.commands.executeCommand(
    'vscode.executeCodeActionProvider',
    text.uri,
    new vscode.Range(at, at),
  );
  return performance.now() - startedMs;
}

function longText(): string {
  const part = (index: number) => [
    `## Part ${String(index)}`,
    '',
    `Words about part ${String(index)}, with *stress* and a [link](part-${String(index)}.md).`,
    '',
    `![A drawing of part ${String(index)}](images/part-${String(index)}.png)`,
    '',
    '- one item',
    '- another with `code` and <kbd>K</kbd>',
    '',
    '',
  ];
  return Array.from({ length: lines / 10 }, (_, index) => part(index).join('\n')).join('\n');
}
