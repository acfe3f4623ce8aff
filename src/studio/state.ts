import { setImmediate as nextTurn } from 'node:timers/promises';
import * as vscode from 'vscode';
import { locationFor } from '../generation/outputLocation.ts';
import { type ImageDefaults, readImageDefaults, readModels } from '../editor/settings.ts';
import { errorMessage, qualityName } from '../editor/errors/messages.ts';
import { displayFolder } from '../editor/files/workspaceFiles.ts';
import type { ModelRow } from '../evolink/models/modelRow.ts';
import { findModel, shippedModels } from '../evolink/models/shippedModels.ts';
import { choicesFor } from '../evolink/models/choices.ts';
import { offeredSizes, parseRatio, pixelsOf, shapeOf, sizeLike } from '../evolink/models/sizes.ts';
import { isCharged } from '../generation/expectedCost.ts';
import { choicesOf } from '../requests/imageRequest.ts';
import type { Job } from '../jobs/job.ts';
import { toJobError } from '../jobs/jobError.ts';
import type { Credits } from './credits.ts';
import type { DraftSource } from './draft/draftSource.ts';
import { maxImagesPerRequest, maxPromptTextChars } from '../shared/limits.ts';
import type { Draft } from '../shared/studio/draft.ts';
import { costKey, type State } from '../shared/studio/state.ts';
import type { StudioDeps } from './studioDeps.ts';
import { choicesInPage, usualResolution } from './draft/fitDraft.ts';
import { noticesOf } from './notices.ts';
import { readStyles } from './draft/styles.ts';

const rememberedPrompts = 50;
/** Costs are read from so many of the last jobs. */
const rememberedJobs = 100;

type Workplace = StudioDeps['workplace'];

/** The settings of the folder that the draft's images go to. */
export function defaultsOf({ folderUri }: Pick<Draft, 'folderUri'>, at: Workplace): ImageDefaults {
  return readImageDefaults(
    folderUri === undefined ? at.now().folder?.uri : vscode.Uri.parse(folderUri),
  );
}

/** The model of a draft, or of the settings, or the first one: the one shown, and the one paid. */
export function modelOf(draft: Pick<Draft, 'model' | 'folderUri'>, workplace: Workplace): ModelRow {
  const rows = readModels();
  const chosen = draft.model === undefined ? undefined : findModel(draft.model, rows);
  const row = chosen ?? findModel(defaultsOf(draft, workplace).model, rows) ?? shippedModels[0];
  if (!row) throw new Error('There is no model');
  return row;
}

/** An empty draft with the choices of the settings, as far as the model takes them. */
export function emptyDraft(workplace: Workplace): Draft {
  const row = modelOf({}, workplace);
  const defaults = defaultsOf({}, workplace);
  const choices = choicesInPage(row, choicesFor(row, readModels(), {}, defaults));
  return { prompt: '', references: [], ...choices, count: 1, writtenAt: 0 };
}

/**
 * Everything a page shows but the gallery. `onLater` is called when something of it is known that
 * took too long to be waited for. `source` is the draft's first reference, as soon as it was read.
 */
export async function readState(
  deps: StudioDeps,
  credits: Credits,
  draft: Draft,
  onLater: () => void,
  source?: DraftSource,
): Promise<State> {
  const { engine, gallery } = deps;
  const model = modelOf(draft, deps.workplace);
  const { resolution } = defaultsOf(draft, deps.workplace);
  // Beside "out of credits" stands what the refusal told.
  const left = engine.pause()?.reason === 'credits' ? undefined : credits.value();
  const price = deps.prices.priceOf(model.id);
  const { hasKey, problem } = await keyStateOf(deps, onLater);
  const destination = await destinationOf(deps, draft);
  // Each reads whole rows of the store, and others have their turn in between.
  const history = gallery.prompts(rememberedPrompts);
  await nextTurn();
  const costs = costsOf(engine.listRecent(rememberedJobs));
  await nextTurn();
  return {
    hasKey,
    options: optionsOf(model, usualResolution(model, resolution), source),
    notices: noticesOf(deps.engine, destination === undefined, problem),
    ...(destination !== undefined && { destination }),
    isOtherDestination: draft.folderUri !== undefined,
    styles: readStyles(),
    history,
    ...(left !== undefined && { credits: left }),
    costs,
    ...(price && { price }),
    isEmpty: engine.listRecent(1).length === 0,
    workspaces: (vscode.workspace.workspaceFolders ?? []).map(({ uri, name }) => ({
      uri: uri.toString(),
      label: name,
    })),
  };
}

function optionsOf(
  row: ModelRow,
  resolution: string | undefined,
  source: DraftSource | undefined,
): State['options'] {
  const like = source?.pixels && sizeLike(row.sizes, source.pixels);
  const same = (values: readonly string[] = []) => values.map((id) => ({ id, label: id }));
  return {
    model: row.id,
    models: readModels().map(({ id }) => id),
    ...(source && { source: source.reference }),
    sizes: offeredSizes(row.sizes).map((id) => {
      const shape = shapeOf(id);
      const { width, height } = pixelsOf(row, id) ?? { width: 1024, height: 1024 };
      return {
        id,
        width,
        height,
        isRatio: parseRatio(id) !== undefined,
        ...(shape && { shape }),
        ...(id === like && { isAsSource: true }),
      };
    }),
    qualities: (row.qualities?.values ?? []).map((id) => ({ id, label: qualityName(id) })),
    resolutions: same(row.resolutions?.values),
    ...(resolution !== undefined && { resolution }),
    isResolutionOfRatios: row.resolutions?.onlyWithRatios === true,
    backgrounds: (row.backgrounds ?? []).map((id) => ({ id, label: backgroundName(id) })),
    ...(row.seed && { hasSeed: true }),
    maxPromptChars: row.prompt.maxChars ?? maxPromptTextChars,
    maxReferences: row.references?.max ?? 0,
    maxCount: maxImagesPerRequest,
  };
}

interface KeyState {
  hasKey: boolean;
  /** Why the key that there is cannot be used. */
  problem?: string;
}

/** A page is not left empty for as long as a keyring may take. */
const keyWaitMs = 1_000;

async function keyStateOf({ apiKey }: StudioDeps, onLater: () => void): Promise<KeyState> {
  let isLate = false;
  const reading = apiKey.read().then(
    (key): KeyState => ({ hasKey: key !== undefined }),
    (thrown: unknown): KeyState => ({ hasKey: false, problem: errorMessage(toJobError(thrown)) }),
  );
  const waiting = new Promise<KeyState>((resolve) => {
    const timer = setTimeout(() => {
      isLate = true;
      // Nothing is said of a key that nobody knows of yet.
      resolve({ hasKey: true });
    }, keyWaitMs);
    void reading.then(() => clearTimeout(timer));
  });
  void reading.then(() => {
    if (isLate) onLater();
  });
  return await Promise.race([reading, waiting]);
}

function backgroundName(background: string): string {
  switch (background) {
    case 'opaque':
      return vscode.l10n.t('Opaque');
    case 'transparent':
      return vscode.l10n.t('Transparent');
    default:
      return background;
  }
}

/** Undefined when no folder is open; empty when a setting is wrong, which submitting reports. */
async function destinationOf(
  { workplace, ownFolder }: StudioDeps,
  { folderUri, references }: Draft,
): Promise<string | undefined> {
  if (folderUri !== undefined) return displayFolder(folderUri);
  try {
    const place = await locationFor({ references }, workplace.now(), ownFolder);
    return place && displayFolder(place.destination.folderUri);
  } catch {
    return '';
  }
}

/** What the newest image of each kind was charged. */
function costsOf(jobs: readonly Job[]): Record<string, number> {
  const costs = new Map<string, number>();
  for (const job of jobs) {
    if (!('credits' in job) || !isCharged(job)) continue;
    const { model, references } = job;
    const key = costKey({ model, ...choicesOf(job), hasReferences: references.length > 0 });
    if (!costs.has(key)) costs.set(key, job.credits);
  }
  return Object.fromEntries(costs);
}
