import { posix } from 'node:path';
import * as vscode from 'vscode';
import { problemMessage } from '../editor/errors/messages.ts';
import { displayFolder } from '../editor/files/workspaceFiles.ts';
import { fillIn, nested } from '../editor/say/fillIn.ts';
import { askForText, createList, type Row } from '../editor/say/quickInput.ts';
import { readModels } from '../editor/settings.ts';
import { findProblems } from '../evolink/models/findProblems.ts';
import { findModel } from '../evolink/models/shippedModels.ts';
import { type AskedRequest, fillInDefaults } from '../generation/askedRequest.ts';
import { expectedCostOfAll, refreshPrices } from '../generation/expectedCost.ts';
import type { GenerationDeps } from '../generation/generationDeps.ts';
import { sizeName } from '../generation/prompt/sizeName.ts';
import type { ImageRequest } from '../requests/imageRequest.ts';
import type { MissingImage } from './missing.ts';

export interface Candidate {
  image: MissingImage;
  asked: AskedRequest;
}

interface About {
  /** Of the document. */
  name: string;
  /** How many links are not offered. */
  refused: number;
}

/** A row of the list, with what it stands for. */
interface MissingRow extends Row {
  candidate: Candidate;
  request: ImageRequest;
}

/** Longer than a list shows. */
const maxDetailChars = 200;
/** More than this nobody pays for at once; the others are offered when these are there. */
export const maxOffered = 50;

/**
 * Shows missing images with their words, sizes and cost, for a user to choose those that are generated.
 * What has a short alt text is ticked; other words were found around the link, and are chosen or edited.
 * @returns the requests, with the words that were shown; none when the user left
 */
export async function chooseMissing(
  deps: GenerationDeps,
  candidates: readonly Candidate[],
  about: About,
): Promise<AskedRequest[]> {
  const edited = new Map<Candidate, string>();
  // What the list does not show whole is not sent but by choice.
  const isSaid = ({ alt }: MissingImage) => alt !== '' && alt.length <= maxDetailChars;
  let ticked = new Set(candidates.filter(({ image }) => isSaid(image)));
  for (;;) {
    const rows = candidates.map((candidate) => rowOf(deps, candidate, edited.get(candidate)));
    const answer = await showList(deps, rows, ticked, about);
    if (!answer) return [];
    ticked = new Set(answer.chosen.map(({ candidate }) => candidate));
    const wrong = answer.edits ?? answer.chosen.find((row) => problemOf(row) !== undefined);
    if (!wrong) return answer.chosen.map(toAsked);
    const words = await editWords(wrong);
    if (words !== undefined) {
      edited.set(wrong.candidate, words);
      ticked.add(wrong.candidate);
    }
  }
}

function toAsked({ candidate, request }: MissingRow): AskedRequest {
  const { asked } = candidate;
  return { ...asked, options: { ...asked.options, prompt: request.prompt } };
}

function rowOf(deps: GenerationDeps, candidate: Candidate, words: string | undefined): MissingRow {
  const { image, asked } = candidate;
  const draft = fillInDefaults(asked, deps.workplace.now(), asked.shape);
  const request = words === undefined ? draft : { ...draft, prompt: words };
  const row = findModel(request.model, readModels());
  const size = row ? sizeName(row, request.size, request.resolution) : request.size;
  const isOfLink = words !== undefined || image.alt !== '';
  const description = isOfLink ? size : fillIn(vscode.l10n.t('{0} · words around the link'), size);
  return {
    candidate,
    request,
    label: posix.basename(image.file.path),
    description: `${description} · ${displayFolder(vscode.Uri.joinPath(image.file, '..'))}`,
    detail: request.prompt.slice(0, maxDetailChars),
    buttons: [
      { iconPath: new vscode.ThemeIcon('edit'), tooltip: vscode.l10n.t('Edit the Words…') },
    ],
  };
}

function problemOf({ request }: MissingRow, prompt = request.prompt): string | undefined {
  const problems = findProblems({ ...request, prompt }, readModels());
  const problem = problems.find(({ field }) => field === 'prompt');
  return problem && problemMessage(problem);
}

async function editWords(row: MissingRow): Promise<string | undefined> {
  const title = fillIn(vscode.l10n.t("Words of '{0}'"), row.label);
  return await askForText({ title, value: row.request.prompt, ignoreFocusOut: true }, (value) =>
    problemOf(row, value),
  );
}

interface Answer {
  chosen: readonly MissingRow[];
  /** The row whose words are to be edited. */
  edits?: MissingRow;
}

async function showList(
  deps: GenerationDeps,
  rows: readonly MissingRow[],
  ticked: ReadonlySet<Candidate>,
  { name, refused }: About,
): Promise<Answer | undefined> {
  const list = createList<MissingRow>();
  let isOpen = true;
  list.canSelectMany = true;
  list.ignoreFocusOut = true;
  list.matchOnDetail = true;
  list.items = rows;
  list.selectedItems = rows.filter(({ candidate }) => ticked.has(candidate));
  const chosenOf = (selected: readonly MissingRow[]) =>
    rows.filter(({ candidate }) => selected.some((each) => each.candidate === candidate));
  const showCost = () => {
    const chosen = chosenOf(list.selectedItems);
    list.title = titleOf(deps, chosen, name);
  };
  list.placeholder =
    refused === 0
      ? vscode.l10n.t('Images that are missing where the links of the document lead')
      : fillIn(vscode.l10n.t('{0} other links lead to what cannot be generated'), refused);
  showCost();
  void refreshPrices(deps, () => {
    if (isOpen) showCost();
  });
  try {
    return await new Promise((resolve) => {
      list.onDidChangeSelection(showCost);
      list.onDidTriggerItemButton(({ item }) => {
        const edits = rows.find(({ candidate }) => candidate === item.candidate);
        resolve({ chosen: chosenOf(list.selectedItems), ...(edits && { edits }) });
      });
      list.onDidAccept(() => {
        const chosen = chosenOf(list.selectedItems);
        if (chosen.length > 0) resolve({ chosen });
      });
      list.onDidHide(() => resolve(undefined));
      list.show();
    });
  } finally {
    isOpen = false;
    list.dispose();
  }
}

function titleOf(deps: GenerationDeps, chosen: readonly MissingRow[], name: string): string {
  const title =
    chosen.length === 1
      ? fillIn(vscode.l10n.t('Generate 1 missing image of {0}'), name)
      : fillIn(vscode.l10n.t('Generate {0} missing images of {1}'), chosen.length, name);
  const requests = chosen.map(({ request }) => request);
  const cost = chosen.length > 0 ? expectedCostOfAll(deps, requests) : undefined;
  return cost === undefined ? title : fillIn('{0} · {1}', nested(title), nested(cost));
}
