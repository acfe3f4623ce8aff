import * as vscode from 'vscode';
import type { CommandId } from '../editor/contributions.ts';
import { jobStatus } from '../editor/jobUi/jobNotices.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { hoverWith } from '../editor/say/hover.ts';
import type { Job } from '../jobs/job.ts';

const cancelCommand: CommandId = 'imageStudio.cancelJobs';

/**
 * What the end of a line says of the images that are made for it; its hover cancels those, and no
 * others.
 */
export function jobLine(range: vscode.Range, jobs: readonly Job[]): vscode.DecorationOptions {
  const [first] = jobs;
  const status = first ? jobStatus(first) : '';
  const contentText =
    jobs.length === 1 ? status : fillIn(vscode.l10n.t('{0} images · {1}'), jobs.length, status);
  const cancel = {
    title: vscode.l10n.t('Cancel'),
    command: cancelCommand,
    args: jobs.map(({ id }) => id),
  };
  return {
    range,
    renderOptions: { after: { contentText } },
    hoverMessage: hoverWith({
      sentence: contentText,
      words: first?.prompt ?? '',
      actions: [cancel],
    }),
  };
}
