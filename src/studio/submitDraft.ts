import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { toLocalizedError, showFailure } from '../editor/errors/errorActions.ts';
import { problemMessage } from '../editor/errors/messages.ts';
import { findProblems } from '../evolink/models.ts';
import type { SavedDraft } from './savedDraft.ts';
import type { Draft, ToPage } from '../shared/studioProtocol.ts';
import { currentModel } from './state.ts';
import type { StudioDeps } from './studioDeps.ts';
import { readStyles, withStyle } from './styles.ts';

export interface SubmitDraftContext {
  submitRequest: StudioDeps['order'];
  draft: Pick<SavedDraft, 'keep'>;
  post: (message: ToPage) => void;
  stateChanged: () => void;
}

/** Submits the draft of a page, and sends the page the outcome. */
export function createSubmitDraft({
  submitRequest,
  draft,
  post,
  stateChanged,
}: SubmitDraftContext) {
  let isSubmitting = false;

  /** One at a time: a second press while the first request is prepared would be paid too. */
  return async function submitOnce(draftToSubmit: Draft): Promise<void> {
    if (isSubmitting) return;
    isSubmitting = true;
    try {
      draft.keep(draftToSubmit);
      await submit(draftToSubmit);
    } finally {
      isSubmitting = false;
    }
  };

  async function submit(draftToSubmit: Draft): Promise<void> {
    const { size, quality, count, references, folderUri } = draftToSubmit;
    const style = readStyles().find(({ name }) => name === draftToSubmit.style);
    const prompt = withStyle(draftToSubmit.prompt, style);
    const [problem] = findProblems({ ...draftToSubmit, prompt, model: currentModel().id });
    if (problem) {
      const field = problem.field === 'model' ? undefined : problem.field;
      post({ kind: 'refused', ...(field && { field }), sentence: problemMessage(problem) });
      return;
    }
    const folder = folderUri === undefined ? undefined : vscode.Uri.parse(folderUri);
    try {
      await submitRequest({ prompt, size, quality, count, references, ...(folder && { folder }) });
      post({ kind: 'accepted' });
    } catch (thrown) {
      refuse(thrown);
    }
    stateChanged();
  }

  function refuse(thrown: unknown): void {
    const error = toLocalizedError(thrown);
    if (error.code === 'noWorkspace') {
      post({ kind: 'refused', field: 'destination', sentence: error.message });
    } else if (error instanceof LocalizedError && error.code === 'badRequest') {
      post({ kind: 'refused', sentence: error.message });
    } else if (error.code === 'cancelled') {
      // The user refused, and needs no notification.
      post({ kind: 'refused', sentence: vscode.l10n.t('Nothing was submitted.') });
    } else {
      post({ kind: 'refused', sentence: error.message });
      showFailure(thrown);
    }
  }
}
