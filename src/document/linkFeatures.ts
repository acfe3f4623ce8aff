import { existsSync } from 'node:fs';
import type { ExtensionContext, Uri } from 'vscode';
import { storeFile } from '../jobs/storageLayout.ts';
import { watchTexts } from './documentReader.ts';
import type { PlaceImages } from './dropAndPaste.ts';
import { actionsAt } from './linkActions.ts';
import { hoverAt } from './linkHover.ts';
import type { FindMadeImage, MadeImage } from './madeImage.ts';
import { registerHintsWhenAsked } from './missingHints.ts';
import { remembering } from './remembering.ts';
import { registerDropAndPaste } from './registerDropAndPaste.ts';

/** What texts ask of the extension once it has started. */
export interface StartedForTexts {
  placeImages: PlaceImages;
  madeImage: FindMadeImage;
}

type WithoutFirst<F> = F extends (first: never, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

export interface LinkFeatures {
  actionsAt: WithoutFirst<typeof actionsAt>;
  hoverAt: WithoutFirst<typeof hoverAt>;
}

/** What is done for images in texts, from when the first of it is asked for. */
export function startLinkFeatures(
  { subscriptions, globalStorageUri }: Pick<ExtensionContext, 'subscriptions' | 'globalStorageUri'>,
  start: () => Promise<StartedForTexts>,
): LinkFeatures {
  subscriptions.push(
    registerDropAndPaste(async (...place) => (await start()).placeImages(...place)),
    registerHintsWhenAsked(),
    watchTexts(),
  );
  /** Where no image was ever made, nothing is started to look for one. */
  const findMade = remembering(
    async (file: Uri): Promise<MadeImage | undefined> =>
      existsSync(storeFile(globalStorageUri.fsPath)) ? (await start()).madeImage(file) : undefined,
    () => performance.now(),
  );
  return {
    actionsAt: (...asked) => actionsAt(findMade, ...asked),
    hoverAt: (...asked) => hoverAt(findMade, ...asked),
  };
}
