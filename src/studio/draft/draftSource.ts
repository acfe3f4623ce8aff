import type { Pixels } from '../../evolink/models/sizes.ts';
import type { Draft } from '../../shared/studio/draft.ts';

/** The first reference of a draft, whose shape its size may follow. */
export interface DraftSource {
  reference: string;
  /** Undefined for what is on the web, and for what cannot be read. */
  pixels: Pixels | undefined;
}

/** A page is not left waiting for as long as a file system may take. */
const waitMs = 300;

/**
 * Reads the source of a draft, once for each. What takes too long is undefined as if there were
 * none, and `onLater` is called when it is there.
 */
export function createDraftSource(
  readPixels: (reference: string) => Promise<Pixels | undefined>,
  onLater: () => void,
): (draft: Pick<Draft, 'references'>) => Promise<DraftSource | undefined> {
  let last: { reference: string; source: Promise<DraftSource> } | undefined;

  return async ({ references: [reference] }) => {
    if (reference === undefined) return undefined;
    if (reference !== last?.reference) {
      const source = readPixels(reference).then((pixels) => ({ reference, pixels }));
      last = { reference, source };
    }
    return await soon(last.source);
  };

  async function soon(source: Promise<DraftSource>): Promise<DraftSource | undefined> {
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      resolve(undefined);
    }, waitMs);
    void source.then(() => {
      clearTimeout(timer);
      if (isLate) onLater();
    });
    return await Promise.race([source, late]);
  }
}
