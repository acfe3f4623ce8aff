import * as vscode from 'vscode';
import { problemMessage, qualityName, shapeName } from '../../editor/errors/messages.ts';
import {
  findModel,
  findProblems,
  type ImageSize,
  type Model,
  promptLength,
} from '../../evolink/models.ts';
import { maxImagesPerRequest } from '../../shared/limits.ts';
import type { ImageRequest } from '../../requests/imageRequest.ts';
import type { EditorOptions } from '../askedRequest.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import { chooseOne, createInput, type Row } from '../../editor/say/quickInput.ts';

export type PromptAnswer = Pick<ImageRequest, 'prompt' | 'size' | 'quality' | 'count'>;

const choicesKey = 'lastChoices';
/** From here on the input counts; before, a number would only be in the way. */
const countFrom = 1_600;

interface RememberedChoices {
  size: string;
  quality: string;
  /** The settings at that time: a changed setting counts more than what was chosen before it. */
  settings: string;
}

/** One input for the words, with size, quality and number as buttons beside it. */
export async function askForPrompt(
  memento: vscode.Memento,
  draft: ImageRequest,
  given: Pick<EditorOptions, 'size' | 'quality'>,
  title = vscode.l10n.t('Generate Image'),
): Promise<PromptAnswer | undefined> {
  const model = findModel(draft.model);
  if (!model) return undefined;
  // What was asked for by name counts more than what was chosen for another image.
  const isChosen = given.size !== undefined || given.quality !== undefined;
  let answer = isChosen ? answerOf(draft) : recallChoices(memento, draft);
  for (;;) {
    const chosen = await askOnce(model, answer, draft, title);
    if (!chosen) return undefined;
    answer = chosen.answer;
    if (chosen.next === 'go') break;
    answer = { ...answer, ...(await askForChoice(chosen.next, model, answer)) };
  }
  if (!isChosen) await rememberChoices(memento, draft, answer);
  return answer;
}

function recallChoices(memento: vscode.Memento, draft: ImageRequest): PromptAnswer {
  const answer = answerOf(draft);
  const last = memento.get<Partial<RememberedChoices>>(choicesKey);
  if (last?.settings !== settingsOf(draft)) return answer;
  return { ...answer, size: last.size ?? answer.size, quality: last.quality ?? answer.quality };
}

function answerOf({ prompt, size, quality, count }: ImageRequest): PromptAnswer {
  return { prompt, size, quality, count };
}

async function rememberChoices(memento: vscode.Memento, draft: ImageRequest, answer: PromptAnswer) {
  const { size, quality } = answer;
  await memento.update(choicesKey, { size, quality, settings: settingsOf(draft) });
}

function settingsOf({ model, size, quality }: ImageRequest): string {
  return [model, size, quality].join(' ');
}

type Next = 'go' | 'size' | 'quality' | 'count';

interface ChoiceButton extends vscode.QuickInputButton {
  next: Next;
}

async function askOnce(
  model: Model,
  answer: PromptAnswer,
  draft: ImageRequest,
  title: string,
): Promise<{ answer: PromptAnswer; next: Next } | undefined> {
  const input = createInput();
  input.title = title;
  input.value = answer.prompt;
  input.placeholder = vscode.l10n.t('Describe the image, for example "a lighthouse at dawn"');
  // Half a prompt is work; looking something up must not throw it away.
  input.ignoreFocusOut = true;
  input.buttons = choiceButtons(model, answer);
  const check = () => showState(input, answer, draft);
  check();
  try {
    return await new Promise((resolve) => {
      input.onDidChangeValue(check);
      input.onDidTriggerButton((button) => {
        const { next } = button as ChoiceButton;
        resolve({ answer: { ...answer, prompt: input.value }, next });
      });
      input.onDidAccept(() => {
        const problem = problemOf(input.value, draft);
        if (problem === undefined)
          resolve({ answer: { ...answer, prompt: input.value }, next: 'go' });
        else input.validationMessage = problem;
      });
      input.onDidHide(() => resolve(undefined));
      input.show();
    });
  } finally {
    input.dispose();
  }
}

function choiceButtons(model: Model, answer: PromptAnswer): ChoiceButton[] {
  const size = sizeOf(model, answer.size);
  const icon = (name: string) => new vscode.ThemeIcon(name);
  return [
    {
      next: 'size',
      iconPath: icon('screen-full'),
      tooltip: fillIn(vscode.l10n.t('Size: {0}'), size ? sizeName(size) : answer.size),
    },
    {
      next: 'quality',
      iconPath: icon('settings'),
      tooltip: fillIn(vscode.l10n.t('Quality: {0}'), qualityName(answer.quality)),
    },
    {
      next: 'count',
      iconPath: icon('files'),
      tooltip: fillIn(vscode.l10n.t('Number of images: {0}'), answer.count),
    },
  ];
}

function showState(input: vscode.InputBox, answer: PromptAnswer, draft: ImageRequest): void {
  const length = promptLength(input.value);
  const count =
    answer.count === 1
      ? vscode.l10n.t('1 image')
      : fillIn(vscode.l10n.t('{0} images'), answer.count);
  const parts = [
    answer.size,
    fillIn(vscode.l10n.t('{0} quality'), qualityName(answer.quality)),
    count,
  ];
  if (draft.references.length === 1) parts.push(vscode.l10n.t('1 reference'));
  if (draft.references.length > 1)
    parts.push(fillIn(vscode.l10n.t('{0} references'), draft.references.length));
  if (length >= countFrom) parts.push(fillIn(vscode.l10n.t('{0} characters'), length));
  input.prompt = parts.join(' · ');
  input.validationMessage = input.value === '' ? undefined : problemOf(input.value, draft);
}

function problemOf(prompt: string, draft: ImageRequest): string | undefined {
  const problem = findProblems({ ...draft, prompt }).find(({ field }) => field === 'prompt');
  return problem && problemMessage(problem);
}

async function askForChoice(
  next: Next,
  model: Model,
  answer: PromptAnswer,
): Promise<Partial<PromptAnswer>> {
  if (next === 'size') {
    const items = model.sizes
      .filter((size) => !size.isAlias)
      .map((size) => ({ label: shapeName(size.shape), description: size.id, value: size.id }));
    const size = await pickOne(vscode.l10n.t('Size'), items, answer.size);
    return size === undefined ? {} : { size };
  }
  if (next === 'quality') {
    const items = model.qualities.map((value) => ({ label: qualityName(value), value }));
    const quality = await pickOne(vscode.l10n.t('Quality'), items, answer.quality);
    return quality === undefined ? {} : { quality };
  }
  const items = Array.from({ length: maxImagesPerRequest }, (_, index) => ({
    label: String(index + 1),
    description: index === 0 ? '' : vscode.l10n.t('each is paid'),
    value: index + 1,
  }));
  const count = await pickOne(vscode.l10n.t('Number of images'), items, answer.count);
  return count === undefined ? {} : { count };
}

async function pickOne<T>(
  title: string,
  items: readonly (Row & { value: T })[],
  current: T,
): Promise<T | undefined> {
  const marked = items.map((item) => (item.value === current ? { ...item, icon: 'check' } : item));
  const chosen = await chooseOne(marked, { title, ignoreFocusOut: true });
  return chosen?.value;
}

function sizeOf(model: Model, id: string): ImageSize | undefined {
  return model.sizes.find((size) => size.id === id);
}

function sizeName(size: ImageSize): string {
  return `${shapeName(size.shape)} ${String(size.width)} × ${String(size.height)}`;
}
