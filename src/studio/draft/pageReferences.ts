import * as vscode from 'vscode';
import { runForUser } from '../../editor/errors/errorActions.ts';
import { LocalizedError } from '../../editor/errors/localizedError.ts';
import { wholeLine } from '../../editor/say/plainLine.ts';
import type { ModelRow } from '../../evolink/models/modelRow.ts';
import { chooseImages } from '../../generation/prompt/chooseImages.ts';
import { storageLayout } from '../../jobs/storageLayout.ts';
import type { Reference } from '../../shared/studio/draft.ts';
import type { ToPage } from '../../shared/studioProtocol.ts';
import type { StudioDeps } from '../studioDeps.ts';
import { checkReferences } from './checkReferences.ts';
import { IncomingReferences } from './incomingReferences.ts';
import { keepPastedImage } from './pastedImages.ts';

export interface PageReferencesContext {
  deps: Pick<StudioDeps, 'conversion' | 'folder'>;
  post: (message: ToPage) => void;
  isReady: () => boolean;
  /** The draft's. */
  model: () => ModelRow;
  toReference: (uri: string) => Reference;
}

/** Images on their way into the tray of a page. */
export interface PageReferences {
  /** Appends images to the tray, now or when the page is ready. */
  add: (uris: readonly string[]) => void;
  /** Appends images that the user chooses. */
  pick: () => Promise<void>;
  /** Appends an image that was pasted, or dropped from the system. */
  addBytes: (name: string, bytes: Uint8Array) => Promise<void>;
  /** The page has a draft with these. */
  arrived: (references: readonly string[]) => void;
  /** The page was drawn again: what has not arrived is sent once more. */
  addAgain: () => void;
}

export function createPageReferences(context: PageReferencesContext): PageReferences {
  const { deps, post, isReady, model, toReference } = context;
  const incoming = new IncomingReferences();

  function add(uris: readonly string[]): void {
    if (!isReady()) {
      incoming.keep(uris);
      return;
    }
    runForUser(async () => {
      const { uris: usable, problems } = await checkReferences(uris, model().id);
      incoming.keep(usable);
      if (!isReady()) return;
      if (usable.length > 0) post({ kind: 'references', references: usable.map(toReference) });
      if (problems.length > 0) refuse(wholeLine(problems.join(' ')));
    });
  }

  function refuse(sentence: string): void {
    post({ kind: 'refused', field: 'references', sentence });
  }

  return {
    add,
    async pick() {
      const title = vscode.l10n.t('Add References');
      add(await chooseImages(deps.conversion, model().references?.max ?? 0, title));
    },
    async addBytes(name, bytes) {
      try {
        const uri = await keepPastedImage(bytes, name, storageLayout(deps.folder).pasted);
        add([uri.toString()]);
      } catch (thrown) {
        if (!(thrown instanceof LocalizedError)) throw thrown;
        refuse(thrown.message);
      }
    },
    arrived: (references) => incoming.arrived(references),
    addAgain() {
      const uris = incoming.take();
      if (uris.length > 0) add(uris);
    },
  };
}
