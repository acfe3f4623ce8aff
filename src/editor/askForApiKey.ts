import * as vscode from 'vscode';
import type { Engine } from '../jobs/engine.ts';
import { type ApiKey, readKey } from './apiKey.ts';
import { providerUrl } from './contributions.ts';
import { toLocalizedError, withinLimit } from './errors/errorActions.ts';
import { formatCredits } from './errors/messages.ts';
import { countHeld, goOnSentence, noteKeySaid } from './jobUi/goOn.ts';
import { type CheckedKey, createKeyEntry, type CreditsOf, type KeyEntryState } from './keyEntry.ts';
import { openSite } from './openSite.ts';
import { fillIn, nested } from './say/fillIn.ts';
import { inform } from './say/notifications.ts';
import { createInput } from './say/quickInput.ts';
import { tickStep } from './walkthroughSteps.ts';

const checkLimitMs = 20_000;

/** What the entry of a key needs. */
export interface KeyDeps {
  apiKey: ApiKey;
  engine: Engine;
  /** See JobSystem. */
  creditsOf: CreditsOf;
}

/**
 * Asks a user for the key, checks it in its box, and stores it. `problem`: what is wrong with the
 * one there is, in words.
 * @returns whether there is one now.
 */
export async function askForApiKey(deps: KeyDeps, problem?: string): Promise<boolean> {
  const isStored = await enterKey(deps, problem);
  if (isStored) tickStep('hasKey');
  return isStored;
}

/** Stores a key, lets go on what waited for it, and says so. @throws LocalizedError */
export async function storeKey(
  { apiKey, engine }: KeyDeps,
  key: string,
  { credits, isUnchecked }: CheckedKey,
): Promise<void> {
  // Before: what waits goes on as soon as the key is stored.
  const waiting = countHeld(engine);
  await apiKey.store(key);
  engine.connectionChanged();
  const sentences = isUnchecked
    ? [vscode.l10n.t('The API key is saved, and not checked yet: EvoLink could not be asked.')]
    : [vscode.l10n.t('The API key works.')];
  if (credits !== undefined)
    sentences.push(fillIn(vscode.l10n.t('Credits left: {0}.'), formatCredits(credits)));
  if (waiting > 0 && !isUnchecked) sentences.push(goOnSentence(waiting));
  if (!isUnchecked) noteKeySaid();
  void inform(sentences.join(' '));
}

/** The same within the time that a user waits for EvoLink's word on a key. */
export function checkInTime({ creditsOf }: KeyDeps): CreditsOf {
  return (key, signal) =>
    withinLimit(checkLimitMs, (limit) => creditsOf(key, AbortSignal.any([signal, limit])));
}

async function enterKey(deps: KeyDeps, problem: string | undefined): Promise<boolean> {
  const input = createInput();
  input.title = vscode.l10n.t('Set EvoLink API Key');
  input.prompt = vscode.l10n.t(
    'It is kept in the secret storage of your system and sent to EvoLink alone.',
  );
  input.placeholder = 'sk-…';
  input.password = true;
  input.ignoreFocusOut = true;
  input.validationMessage = problem;
  const getKey = button('link-external', vscode.l10n.t('Get a key from EvoLink'), () => {
    void openSite(new URL(providerUrl));
  });
  input.buttons = [getKey];
  try {
    return await new Promise<boolean>((resolve, reject) => {
      const accept = () => entry.accept(input.value);
      const saveUnchecked = button('save', vscode.l10n.t('Save Without Checking'), accept);
      const entry = createKeyEntry({
        read: readKey,
        creditsOf: checkInTime(deps),
        store: (key, checked) => storeKey(deps, key, checked),
        show(state) {
          input.busy = state.kind === 'checking' || state.kind === 'storing';
          input.validationMessage = messageOf(state);
          input.buttons = state.kind === 'unchecked' ? [saveUnchecked, getKey] : [getKey];
        },
        onStored: () => resolve(true),
        onFailed: reject,
      });
      // The editor gives back what was set, or a copy of it.
      input.onDidTriggerButton((pressed) => (pressed as EntryButton).run());
      input.onDidChangeValue(() => entry.changed());
      input.onDidAccept(accept);
      input.onDidHide(() => {
        if (!entry.leave()) resolve(false);
      });
      input.show();
    });
  } finally {
    input.dispose();
  }
}

interface EntryButton extends vscode.QuickInputButton {
  run: () => void;
}

function button(icon: string, tooltip: string, run: () => void): EntryButton {
  return { iconPath: new vscode.ThemeIcon(icon), tooltip, run };
}

/** What the box says of a key, in the place where it is entered. */
function messageOf(state: KeyEntryState): vscode.InputBox['validationMessage'] {
  const { Info, Warning } = vscode.InputBoxValidationSeverity;
  switch (state.kind) {
    case 'empty':
      return undefined;
    case 'malformed':
      return state.problem;
    case 'checking':
      return { message: vscode.l10n.t('Checking…'), severity: Info };
    case 'storing':
      return { message: vscode.l10n.t('Saving…'), severity: Info };
    case 'refused':
    case 'notStored':
      return toLocalizedError(state.error).message;
    case 'unchecked': {
      const message = fillIn(
        vscode.l10n.t('{0} The key is not checked. Press Enter to save it all the same.'),
        nested(toLocalizedError(state.error).message),
      );
      return { message, severity: Warning };
    }
  }
}
