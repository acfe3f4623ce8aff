import * as vscode from 'vscode';
import { findLocation } from '../generation/outputLocation.ts';
import { readImageDefaults, readModels } from '../editor/settings.ts';
import { errorMessage, qualityName } from '../editor/errors/messages.ts';
import { displayPath } from '../editor/files/workspaceFiles.ts';
import type { ModelRow } from '../evolink/models/modelRow.ts';
import { findModel, shippedModels } from '../evolink/models/shippedModels.ts';
import { offeredSizes, pixelsOf, shapeOf } from '../evolink/models/sizes.ts';
import type { Job } from '../jobs/job.ts';
import { toJobError } from '../jobs/jobError.ts';
import type { Credits } from './credits.ts';
import { maxImagesPerRequest, maxPromptTextChars } from '../shared/limits.ts';
import { costKey, type Draft, type State } from '../shared/studioProtocol.ts';
import type { StudioDeps } from './studioDeps.ts';
import { noticesOf } from './notices.ts';
import { readStyles } from './draft/styles.ts';

const rememberedPrompts = 50;
/** Costs are read from so many of the last jobs. */
const rememberedJobs = 100;

/** The model of the settings, or the first one; submitting reports an unknown model. */
export function currentModel(): ModelRow {
  const model = findModel(readImageDefaults().model, readModels()) ?? shippedModels[0];
  if (!model) throw new Error('There is no model');
  return model;
}

/** An empty draft with size and quality of the settings. */
export function emptyDraft(): Draft {
  const { size, quality } = readImageDefaults();
  return { prompt: '', references: [], size, quality, count: 1, writtenAt: 0 };
}

/**
 * Everything a page shows but the gallery. `onLater` is called when something of it is known that
 * took too long to be waited for.
 */
export async function readState(
  deps: StudioDeps,
  credits: Credits,
  draft: Draft,
  onLater: () => void,
): Promise<State> {
  const { engine, gallery } = deps;
  const left = credits.value();
  const { hasKey, problem } = await keyStateOf(deps, onLater);
  const destination = await destinationOf(deps, draft);
  return {
    hasKey,
    options: optionsOf(currentModel()),
    notices: noticesOf(deps.engine, destination === undefined, problem),
    ...(destination !== undefined && { destination }),
    isOtherDestination: draft.folderUri !== undefined,
    styles: readStyles(),
    history: gallery.prompts(rememberedPrompts),
    ...(left !== undefined && { credits: left }),
    costs: costsOf(engine.listRecent(rememberedJobs)),
    isEmpty: engine.listRecent(1).length === 0,
    workspaces: (vscode.workspace.workspaceFolders ?? []).map(({ uri, name }) => ({
      uri: uri.toString(),
      label: name,
    })),
  };
}

function optionsOf(model: ModelRow): State['options'] {
  return {
    model: model.id,
    sizes: offeredSizes(model.sizes).map((id) => ({
      id,
      ...(pixelsOf(model, id) ?? { width: 1024, height: 1024 }),
      shape: shapeOf(id) ?? 'square',
    })),
    qualities: (model.qualities?.values ?? []).map((id) => ({ id, label: qualityName(id) })),
    maxPromptChars: model.prompt.maxChars ?? maxPromptTextChars,
    maxReferences: model.references?.max ?? 0,
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

/** Undefined when no folder is open; empty when a setting is wrong, which submitting reports. */
async function destinationOf(
  { workplace }: StudioDeps,
  { folderUri }: Draft,
): Promise<string | undefined> {
  if (folderUri !== undefined) return displayPath(folderUri);
  try {
    const place = await findLocation(workplace.now());
    return place && displayPath(place.destination.folderUri);
  } catch {
    return '';
  }
}

/** The cost of the newest image of each kind. */
function costsOf(jobs: readonly Job[]): Record<string, number> {
  const costs = new Map<string, number>();
  for (const job of jobs) {
    if (!('credits' in job)) continue;
    const key = costKey(job.size, job.quality, job.references.length > 0);
    if (!costs.has(key)) costs.set(key, job.credits);
  }
  return Object.fromEntries(costs);
}
