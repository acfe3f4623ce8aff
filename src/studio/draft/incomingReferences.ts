import { maxReferenceUris } from '../../shared/limits.ts';

/**
 * References on their way into the tray of a page. It may be hidden at any moment, and loses what was
 * sent to it then: what has not arrived is sent again when it is shown.
 */
export class IncomingReferences {
  #uris: string[] = [];

  /** They are kept until a draft of the page has them. */
  keep(uris: readonly string[]): void {
    this.#uris.push(...uris);
  }

  /** The page has a draft with these. */
  arrived(references: readonly string[]): void {
    // A full tray takes no more.
    const isFull = references.length >= maxReferenceUris;
    this.#uris = isFull ? [] : this.#uris.filter((uri) => !references.includes(uri));
  }

  /** @returns those that have not arrived, each once, and keeps them no longer. */
  take(): string[] {
    const uris = [...new Set(this.#uris)];
    this.#uris = [];
    return uris;
  }
}
