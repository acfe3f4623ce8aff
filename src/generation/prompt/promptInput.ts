import * as vscode from 'vscode';
import { problemMessage, qualityName } from '../../editor/errors/messages.ts';
import { displayFolder } from '../../editor/files/workspaceFiles.ts';
import { readModels } from '../../editor/settings.ts';
import { type Adjustment, choicesFor } from '../../evolink/models/choices.ts';
import { findProblems } from '../../evolink/models/findProblems.ts';
import type { ModelRow } from '../../evolink/models/modelRow.ts';
import { promptLength } from '../../evolink/models/promptLength.ts';
import { findModel } from '../../evolink/models/shippedModels.ts';
import { parsePixels, parseRatio } from '../../evolink/models/sizes.ts';
import type { ImageRequest } from '../../requests/imageRequest.ts';
import type { EditorOptions } from '../askedRequest.ts';
import { expectedCost, refreshPrices } from '../expectedCost.ts';
import type { GenerationDeps } from '../generationDeps.ts';
import type { Composed } from '../interaction/interaction.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import { createInput } from '../../editor/say/quickInput.ts';
import { askForChoice, type ChoiceStep, type FolderFinder } from './choicePickers.ts';
import { type ChoiceMemory, recallChoices, rememberChoices } from './rememberedChoices.ts';
import { sizeName, sizeOfSource } from './sizeName.ts';
import type { FollowedShape } from '../followedShape.ts';

/** What the prompt box completes of a request. */
export type PromptAnswer = Omit<Composed, 'references'>;

/** With the settings of the place that the image is for. */
export type PromptDeps = GenerationDeps & ChoiceMemory & FolderFinder;

/** From this part of the limit on the input counts; before, a number would only be in the way. */
const countFromShare = 0.8;

/** One input for the words, with model, size, quality, number and folder as buttons beside it. */
export async function askForPrompt(
  deps: PromptDeps,
  draft: Composed,
  given: Pick<EditorOptions, 'model' | 'size' | 'quality' | 'resolution'>,
  title = vscode.l10n.t('Generate Image'),
): Promise<PromptAnswer | undefined> {
  const rows = readModels();
  if (!findModel(draft.model, rows)) return undefined;
  let request: Composed = recallChoices(deps, draft, given, rows);
  // A size that is chosen by name is followed from then on.
  let shape = given.size === undefined ? deps.shape : undefined;
  for (;;) {
    const row = findModel(request.model, rows);
    if (!row) return undefined;
    const { adjustments } = choicesFor(row, rows, given, deps.defaults);
    const ofSettings = shape ? adjustments.filter(({ field }) => field !== 'size') : adjustments;
    const chosen = await askOnce(row, request, title, ofSettings, deps);
    if (!chosen) return undefined;
    request = { ...request, prompt: chosen.prompt };
    if (chosen.next === 'go') break;
    const changes = await askForChoice(chosen.next, rows, request, deps, shape);
    if (chosen.next === 'size' && changes.size !== undefined) shape = shapeOfChoice(changes.size);
    request = { ...request, ...changes };
  }
  await rememberChoices(deps, draft, request, given);
  const { references: _, ...answer } = request;
  return answer;
}

/** The shape that a size chosen by name stands for; none where the model chooses. */
function shapeOfChoice(size: string): FollowedShape | undefined {
  return parsePixels(size) ?? parseRatio(size);
}

interface ChoiceButton extends vscode.QuickInputButton {
  next: ChoiceStep;
}

async function askOnce(
  row: ModelRow,
  request: Composed,
  title: string,
  adjustments: readonly Adjustment[],
  deps: PromptDeps,
): Promise<{ prompt: string; next: 'go' | ChoiceStep } | undefined> {
  const input = createInput();
  let isOpen = true;
  input.title = title;
  input.value = request.prompt;
  input.placeholder = placeholderFor(request);
  // Half a prompt is work; looking something up must not throw it away.
  input.ignoreFocusOut = true;
  let cost = expectedCost(deps, request);
  let folder: string | undefined;
  const check = () => {
    showState(input, row, request, adjustments, { source: deps.shape, cost, folder });
  };
  const show = () => {
    input.buttons = choiceButtons(row, request, folder);
    check();
  };
  show();
  void folderNameOf(deps, request).then((name) => {
    folder = name;
    if (isOpen) show();
  });
  // Read while the user writes: nobody waits for it.
  void refreshPrices(deps, () => {
    cost = expectedCost(deps, request);
    if (isOpen) check();
  });
  try {
    return await new Promise((resolve) => {
      input.onDidChangeValue(check);
      input.onDidTriggerButton((button) => {
        const { next } = button as ChoiceButton;
        resolve({ prompt: input.value, next });
      });
      input.onDidAccept(() => {
        const problem = problemOf(input.value, request);
        if (problem === undefined) resolve({ prompt: input.value, next: 'go' });
        else input.validationMessage = problem;
      });
      input.onDidHide(() => resolve(undefined));
      input.show();
    });
  } finally {
    isOpen = false;
    input.dispose();
  }
}

function placeholderFor({ references }: ImageRequest): string {
  if (references.length === 0)
    return vscode.l10n.t('Describe the image, for example "a lighthouse at dawn"');
  return references.length === 1
    ? vscode.l10n.t('Say what to change, for example "make it night"')
    : vscode.l10n.t('Say what to change, for example "put image 2 into image 1"');
}

async function folderNameOf(
  { folderOf }: FolderFinder,
  request: Composed,
): Promise<string | undefined> {
  const folder = await folderOf(request);
  return folder && displayFolder(folder);
}

function choiceButtons(
  row: ModelRow,
  request: ImageRequest,
  folder: string | undefined,
): ChoiceButton[] {
  const button = (next: ChoiceStep, icon: string, tooltip: string): ChoiceButton => ({
    next,
    iconPath: new vscode.ThemeIcon(icon),
    tooltip,
  });
  const { model, size, quality, resolution, count } = request;
  const buttons = [
    button('model', 'sparkle', fillIn(vscode.l10n.t('Model: {0}'), model)),
    button(
      'size',
      'screen-full',
      fillIn(vscode.l10n.t('Size: {0}'), sizeName(row, size, resolution)),
    ),
  ];
  if (row.resolutions) {
    const name = resolution ?? vscode.l10n.t('by the size');
    buttons.push(button('resolution', 'zoom-in', fillIn(vscode.l10n.t('Resolution: {0}'), name)));
  }
  if (row.qualities)
    buttons.push(
      button('quality', 'settings', fillIn(vscode.l10n.t('Quality: {0}'), qualityName(quality))),
    );
  buttons.push(button('count', 'files', fillIn(vscode.l10n.t('Number of images: {0}'), count)));
  // Where no folder is open, one is asked for when the words are there.
  if (folder !== undefined)
    buttons.push(button('folder', 'folder', fillIn(vscode.l10n.t('Save to: {0}'), folder)));
  return buttons;
}

/** What of the state is not in the request. */
interface Besides {
  source: FollowedShape | undefined;
  cost: string | undefined;
  folder: string | undefined;
}

function showState(
  input: vscode.InputBox,
  row: ModelRow,
  request: ImageRequest,
  adjustments: readonly Adjustment[],
  { source, cost, folder }: Besides,
): void {
  const { size, quality, resolution, count, references } = request;
  const parts = [sizeOfSource(row, size, source) ?? size];
  if (resolution !== undefined) parts.push(resolution);
  if (quality !== '') parts.push(fillIn(vscode.l10n.t('{0} quality'), qualityName(quality)));
  parts.push(count === 1 ? vscode.l10n.t('1 image') : fillIn(vscode.l10n.t('{0} images'), count));
  if (references.length === 1) parts.push(vscode.l10n.t('1 reference'));
  if (references.length > 1) parts.push(fillIn(vscode.l10n.t('{0} references'), references.length));
  const length = promptLength(input.value);
  if (length >= (row.prompt.maxChars ?? Infinity) * countFromShare)
    parts.push(fillIn(vscode.l10n.t('{0} characters'), length));
  parts.push(request.model);
  // What the settings say, and this model does not take.
  for (const { field, value, used } of adjustments)
    if (used !== undefined && request[field] === used)
      parts.push(fillIn(vscode.l10n.t('{0} instead of {1}'), used, value));
  if (folder !== undefined) parts.push(fillIn(vscode.l10n.t('to {0}'), folder));
  if (cost !== undefined) parts.push(cost);
  input.prompt = parts.join(' · ');
  input.validationMessage = input.value === '' ? undefined : problemOf(input.value, request);
}

function problemOf(prompt: string, request: ImageRequest): string | undefined {
  const problems = findProblems({ ...request, prompt }, readModels());
  const problem = problems.find(({ field }) => field === 'prompt');
  return problem && problemMessage(problem);
}
