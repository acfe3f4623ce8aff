import type { Engine } from '../../jobs/engine.ts';
import type { GalleryRow } from '../../jobs/store/gallery.ts';
import type { Filter } from '../../shared/studio/entry.ts';
import type { ToPage } from '../../shared/studioProtocol.ts';
import type { StudioDeps } from '../studioDeps.ts';
import { type EntryContext, toEntries } from './entries.ts';

/** How many entries are sent with the keys; the page asks for others as they come into sight. */
const firstEntries = 60;
const manyChanges = 500;

export interface GalleryFeedContext {
  engine: Pick<Engine, 'listQueuedIds'>;
  gallery: StudioDeps['gallery'];
  entryContext: EntryContext;
  post: (message: ToPage) => void;
}

/** Sends a page what it shows of the gallery: the keys of all images that match, and some of their entries. */
export class GalleryFeed {
  readonly #context: GalleryFeedContext;
  /** What the page shows: answers that are due have it as it is then. */
  filter: Filter = { words: '' };
  #known = new Set<number>();
  readonly #changed = new Set<string>();
  #isDue = false;

  constructor(context: GalleryFeedContext) {
    this.#context = context;
  }

  /** Its entry is sent with the next ones. */
  jobChanged(id: string): void {
    this.#changed.add(id);
  }

  /** All of the gallery is sent the next time. */
  galleryChanged(): void {
    this.#isDue = true;
  }

  /** Sends what has changed since the last time. */
  async sendDue(): Promise<void> {
    const { engine, gallery } = this.#context;
    // A change of any job may change the positions of those that wait.
    const waitingIds = engine.listQueuedIds().slice(0, manyChanges / 2);
    const ids = this.#changed.size === 0 ? [] : [...new Set([...this.#changed, ...waitingIds])];
    this.#changed.clear();
    // Of so many at once those in sight are read again.
    if (ids.length > manyChanges) this.#isDue = true;
    const keys = this.#isDue ? [] : gallery.keysOf(ids);
    const rows = gallery.read(keys);
    // A row not known to the page was added; a key without a row was removed.
    if (rows.length < keys.length || rows.some((row) => !this.#known.has(row.key)))
      this.#isDue = true;
    if (this.#isDue) await this.sendGallery();
    else if (rows.length > 0) await this.#send(rows);
  }

  async sendEntries(keys: readonly number[]): Promise<void> {
    await this.#send(this.rowsOf(keys));
  }

  /** Those that are there still, in the order of their keys. */
  rowsOf(keys: readonly number[]): GalleryRow[] {
    const rows = new Map(this.#context.gallery.read(keys).map((row) => [row.key, row]));
    return keys.flatMap((key) => rows.get(key) ?? []);
  }

  async sendGallery(): Promise<void> {
    this.#isDue = false;
    const { gallery, entryContext, post } = this.#context;
    const { filter } = this;
    const index = gallery.query(filter);
    this.#known = new Set(index.keys);
    const first = this.rowsOf(index.keys.slice(0, firstEntries));
    post({ kind: 'gallery', filter, ...index, entries: await toEntries(entryContext, first) });
  }

  async #send(rows: readonly GalleryRow[]): Promise<void> {
    const { entryContext, post } = this.#context;
    post({ kind: 'entries', entries: await toEntries(entryContext, rows) });
  }
}
