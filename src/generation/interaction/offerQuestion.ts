import * as vscode from 'vscode';
import { warn } from '../../editor/say/notifications.ts';
import { createStatusItem } from '../../editor/say/statusItem.ts';
import { createLimiter } from '../../jobs/async/limiter.ts';

/** The editor closes a notice when an equal one comes, and the request behind it would end. */
const oneByOne = createLimiter(1);

/** Tells a user who types that there is a question. @returns whether it may be asked now */
export function offerQuestion(): Promise<boolean> {
  return oneByOne.run(async () => {
    const answer = vscode.l10n.t('Answer');
    const message = vscode.l10n.t('There is a question before your image can be drawn.');
    // A notice folds away, or is not shown at all under Do Not Disturb; the request waits on.
    const name = vscode.l10n.t('Image Studio');
    const item = createStatusItem('question', name, 'notifications.showList', {
      icon: 'question',
      text: name,
      tooltip: [message],
      label: message,
    });
    try {
      return (await warn(message, answer)) === answer;
    } finally {
      item.dispose();
    }
  }, new AbortController().signal);
}
