import * as vscode from 'vscode';
import { CodedError } from '../editor/errors/localizedError.ts';
import { inWords, tellFailure } from '../editor/errors/errorActions.ts';
import { problemSentence } from '../editor/errors/messages.ts';
import { findProblems } from '../evolink/models.ts';
import type { KeptDraft } from './savedDraft.ts';
import type { Draft, ToPage } from '../shared/studioProtocol.ts';
import { currentModel } from './state.ts';
import type { StudioDeps } from './studioDeps.ts';
import { readStyles, withStyle } from './styles.ts';

export interface OrderingContext {
  order: StudioDeps['order'];
  draft: Pick<KeptDraft, 'keep'>;
  post: (message: ToPage) => void;
  stateChanged: () => void;
}

/** Orders what a page has written, and tells the page what came of it. */
export function createOrdering({ order, draft, post, stateChanged }: OrderingContext) {
  let isOrdering = false;

  /** One order at a time: a second press while the first is prepared would be paid as well. */
  return async function orderOnce(written: Draft): Promise<void> {
    if (isOrdering) return;
    isOrdering = true;
    try {
      draft.keep(written);
      await orderWritten(written);
    } finally {
      isOrdering = false;
    }
  };

  async function orderWritten(written: Draft): Promise<void> {
    const { size, quality, count, references, folderUri } = written;
    const style = readStyles().find(({ name }) => name === written.style);
    const prompt = withStyle(written.prompt, style);
    const [problem] = findProblems({ ...written, prompt, model: currentModel().id });
    if (problem) {
      const field = problem.field === 'model' ? undefined : problem.field;
      post({ kind: 'refused', ...(field && { field }), sentence: problemSentence(problem) });
      return;
    }
    const folder = folderUri === undefined ? undefined : vscode.Uri.parse(folderUri);
    try {
      await order({ prompt, size, quality, count, references, ...(folder && { folder }) });
      post({ kind: 'accepted' });
    } catch (thrown) {
      refuse(thrown);
    }
    stateChanged();
  }

  function refuse(thrown: unknown): void {
    const error = inWords(thrown);
    if (error.code === 'noWorkspace') {
      post({ kind: 'refused', field: 'destination', sentence: error.message });
    } else if (error instanceof CodedError && error.code === 'badRequest') {
      post({ kind: 'refused', sentence: error.message });
    } else if (error.code === 'cancelled') {
      // Whoever said no needs not be told.
      post({ kind: 'refused', sentence: vscode.l10n.t('Nothing was submitted.') });
    } else {
      post({ kind: 'refused', sentence: error.message });
      tellFailure(thrown);
    }
  }
}
