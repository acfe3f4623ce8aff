import * as vscode from 'vscode';
import { toLocalizedError, showFailure } from '../../editor/errors/errorActions.ts';
import { generateImages } from '../../generation/generateImages.ts';
import { parseRatio } from '../../evolink/models/sizes.ts';
import { RequestError } from '../../requests/requestError.ts';
import type { SavedDraft } from './savedDraft.ts';
import type { Draft } from '../../shared/studio/draft.ts';
import type { ToPage } from '../../shared/studioProtocol.ts';
import { modelOf } from '../state.ts';
import type { StudioDeps } from '../studioDeps.ts';
import { studioInteraction } from '../studioInteraction.ts';
import { readStyles, withStyle } from './styles.ts';

export interface SubmitDraftContext {
  deps: StudioDeps;
  draft: Pick<SavedDraft, 'keep'>;
  post: (message: ToPage) => void;
  stateChanged: () => void;
}

/** Submits the draft of a page, and sends the page the outcome. */
export function createSubmitDraft({ deps, draft, post, stateChanged }: SubmitDraftContext) {
  const interaction = studioInteraction(deps);
  let isSubmitting = false;

  /** One at a time: a second press while the first request is prepared would be paid too. */
  return async function submitOnce(draftToSubmit: Draft, shownModel: string): Promise<void> {
    if (isSubmitting) return;
    isSubmitting = true;
    try {
      draft.keep(draftToSubmit);
      await submit(draftToSubmit, shownModel);
    } finally {
      isSubmitting = false;
    }
  };

  async function submit(draftToSubmit: Draft, shownModel: string): Promise<void> {
    const { size, quality, resolution, background, count, seed, references, folderUri } =
      draftToSubmit;
    const row = modelOf(draftToSubmit, deps.workplace);
    if (row.id !== shownModel) {
      const sentence = vscode.l10n.t(
        'Nothing was submitted: another model was shown than the one that is used now. Check it, and try again.',
      );
      post({ kind: 'refused', sentence });
      stateChanged();
      return;
    }
    const style = readStyles().find(({ name }) => name === draftToSubmit.style);
    const prompt = withStyle(draftToSubmit.prompt, style);
    const hasResolution =
      row.resolutions && (!row.resolutions.onlyWithRatios || parseRatio(size) !== undefined);
    const output = folderUri === undefined ? undefined : vscode.Uri.parse(folderUri);
    const options = {
      ...{ prompt, size, count, references, output },
      // By its name: the settings may change before the request is filled in.
      model: row.id,
      // What the page has no picker for is not sent.
      quality: row.qualities ? quality : undefined,
      resolution: hasResolution ? resolution : undefined,
      background: row.backgrounds ? background : undefined,
      seed: row.seed ? seed : undefined,
    };
    try {
      await generateImages(deps, { options }, interaction);
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
    } else if (error.code === 'badRequest') {
      const field = fieldOf(thrown);
      post({ kind: 'refused', ...(field && { field }), sentence: error.message });
    } else if (error.code === 'cancelled') {
      // The user refused, and needs no notification.
      post({ kind: 'refused', sentence: vscode.l10n.t('Nothing was submitted.') });
    } else {
      post({ kind: 'refused', sentence: error.message });
      showFailure(thrown);
    }
  }
}

/** The field of the page that has to be changed. */
function fieldOf(thrown: unknown) {
  if (!(thrown instanceof RequestError) || thrown.problem.kind !== 'value') return undefined;
  const { field } = thrown.problem.problem;
  switch (field) {
    case 'prompt':
    case 'size':
    case 'quality':
    case 'resolution':
    case 'background':
    case 'model':
    case 'references':
      return field;
    default:
      return undefined;
  }
}
