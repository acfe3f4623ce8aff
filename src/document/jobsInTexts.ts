import * as vscode from 'vscode';
import type { TextPlace, TextPlaces } from '../editor/files/textPlaces.ts';
import type { Engine } from '../jobs/engine.ts';
import { isUnfinished, type Job } from '../jobs/job.ts';
import { jobLine } from './jobLine.ts';

export interface JobsInTextsDeps {
  engine: Pick<Engine, 'onDidChangeJob' | 'get'>;
  places: Pick<TextPlaces, 'of' | 'onDidKeep'>;
}

/** Jobs change more often than anybody reads. */
const pauseMs = 200;

/**
 * Says at the end of a line that an image is being made for it, while it is. Nothing of the text is
 * touched, and a screen reader is told nothing: what is done is in a notice.
 */
export function registerJobsInTexts({ engine, places }: JobsInTextsDeps): vscode.Disposable {
  const jobs = new Map<string, { job: Job; place: TextPlace }>();
  let shown: { type: vscode.TextEditorDecorationType; listening: vscode.Disposable } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const stopListening = engine.onDidChangeJob(follow);
  // A job that only waits does not change again for long.
  const listening = places.onDidKeep((jobIds) => {
    for (const job of jobIds.map(engine.get)) if (job) follow(job);
  });

  function follow(job: Job): void {
    const place = isUnfinished(job) ? places.of(job.id) : undefined;
    if (place) jobs.set(job.id, { job, place });
    else if (!jobs.delete(job.id)) return;
    if (jobs.size === 0) hide();
    else renderSoon();
  }

  function renderSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      render();
    }, pauseMs);
  }

  function hide(): void {
    clearTimeout(timer);
    timer = undefined;
    shown?.type.dispose();
    shown?.listening.dispose();
    shown = undefined;
  }

  function render(): void {
    shown ??= {
      type: vscode.window.createTextEditorDecorationType({
        after: {
          color: new vscode.ThemeColor('editorCodeLens.foreground'),
          margin: '0 0 0 2em',
          fontStyle: 'italic',
        },
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      }),
      listening: vscode.Disposable.from(
        vscode.window.onDidChangeVisibleTextEditors(renderSoon),
        vscode.workspace.onDidChangeTextDocument(({ document }) => {
          if ([...jobs.values()].some(({ place }) => isOf(place, document))) renderSoon();
        }),
      ),
    };
    for (const editor of vscode.window.visibleTextEditors)
      editor.setDecorations(shown.type, decorationsOf(editor.document));
  }

  function decorationsOf(document: vscode.TextDocument): vscode.DecorationOptions[] {
    const lines = new Map<number, Job[]>();
    for (const { job, place } of jobs.values()) {
      if (!isOf(place, document) || !place.isFollowed) continue;
      const { line } = document.positionAt(place.place.offset);
      lines.set(line, [...(lines.get(line) ?? []), job]);
    }
    return [...lines].map(([line, ofLine]) => jobLine(document.lineAt(line).range, ofLine));
  }

  return new vscode.Disposable(() => {
    stopListening();
    listening.dispose();
    jobs.clear();
    hide();
  });
}

function isOf(place: TextPlace, { uri }: vscode.TextDocument): boolean {
  return place.uri.toString() === uri.toString();
}
