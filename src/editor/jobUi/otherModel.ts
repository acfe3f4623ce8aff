import * as vscode from 'vscode';
import { type Choices, choicesFor, differentChoices } from '../../evolink/models/choices.ts';
import { findProblems } from '../../evolink/models/findProblems.ts';
import type { ModelRow } from '../../evolink/models/modelRow.ts';
import type { Job } from '../../jobs/job.ts';
import type { ModelChoices } from '../../jobs/jobCommands.ts';
import { choicesOf, toSpecChoices } from '../../requests/imageRequest.ts';
import { qualityName } from '../errors/messages.ts';
import { fillIn } from '../say/fillIn.ts';
import { inform } from '../say/notifications.ts';
import { chooseOne } from '../say/quickInput.ts';

/**
 * Lets a user choose the model that draws these jobs instead of theirs, among those that take all of
 * them as they are. @returns undefined when none was chosen.
 */
export async function askForOtherModel(
  jobs: readonly Job[],
  rows: readonly ModelRow[],
  refused: readonly string[],
  allowed: readonly string[] | undefined,
): Promise<ModelRow | undefined> {
  const usable = rows.filter(
    (row) =>
      !refused.includes(row.id) &&
      (allowed?.includes(row.id) ?? true) &&
      jobs.every((job) => isTaken(job, row, rows)),
  );
  if (usable.length === 0) {
    void inform(
      vscode.l10n.t(
        'No other model takes these words and reference images. They wait as they are.',
      ),
    );
    return undefined;
  }
  const items = usable.map((row) => ({ label: row.id, detail: describe(jobs, row, rows), row }));
  const title =
    jobs.length === 1
      ? vscode.l10n.t('Use Another Model for This Image')
      : fillIn(vscode.l10n.t('Use Another Model for {0} Images'), jobs.length);
  const placeHolder = vscode.l10n.t('Words and reference images stay as they are.');
  const chosen = await chooseOne(items, { title, placeHolder, ignoreFocusOut: true });
  return chosen?.row;
}

/** The job's choices as another model takes them; what it does not have is left out. */
export function choicesOnModel(job: Job, row: ModelRow, rows: readonly ModelRow[]): ModelChoices {
  const { adjustments: _, ...choices } = choicesFor(row, rows, {}, choicesOf(job));
  const { background, outputFormat, seed } = job;
  const has = (values: readonly string[] | undefined, value = '') => values?.includes(value);
  return toSpecChoices(
    {
      ...choices,
      model: row.id,
      ...(has(row.backgrounds, background) && { background }),
      ...(has(row.outputFormats, outputFormat) && { outputFormat }),
      ...(row.seed && seed !== undefined && { seed }),
    },
    rows,
  );
}

function isTaken(job: Job, row: ModelRow, rows: readonly ModelRow[]): boolean {
  const { prompt, references } = job;
  const choices = choicesFor(row, rows, {}, choicesOf(job));
  return findProblems({ ...choices, model: row.id, prompt, references }, rows).length === 0;
}

/** Size, resolution and quality as they will be: all that differ, since all are paid. */
function describe(jobs: readonly Job[], row: ModelRow, rows: readonly ModelRow[]): string {
  const different = differentChoices(row, rows, jobs.map(choicesOf));
  return different.map(describeOne).join(' | ');
}

function describeOne({ size, quality, resolution = '' }: Choices): string {
  const parts = [size, resolution, quality === '' ? '' : qualityName(quality)];
  return parts.filter((part) => part !== '').join(' · ');
}
