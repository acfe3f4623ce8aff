import { maxNeededKeys } from '../../../shared/studio/entry.ts';
import type { Reference } from '../../../shared/studio/draft.ts';
import type { Entry, EntryAction, Filter } from '../../../shared/studio/entry.ts';
import type { ToPage } from '../../../shared/studioProtocol.ts';
import { host } from '../host.ts';
import { maxDraggedImages } from '../../../shared/draggedImages.ts';
import { maxOpenedImages } from '../../../shared/limits.ts';
import { variationsAt } from './galleryLayout.ts';
import { concerned, keepExisting, nothingSelected, selectOnly } from './selection.ts';
import type { Selection } from './selection.ts';

type Gallery = Extract<ToPage, { kind: 'gallery' }>;

/** More than a user scrolls past in a while; dropped entries are asked for again. */
const mostEntries = 3_000;
const keptAround = 800;
/** After so long without an answer, entries are asked for again. */
const askAgainMs = 3_000;

/** The keys of all images that match the filter, and the entries that the host has sent. */
export class GalleryModel {
  filter: Filter = { words: '' };
  /** Undefined until the host answers. */
  keys: readonly number[] | undefined;
  createdAt: readonly number[] = [];
  readonly entries = new Map<number, Entry>();
  selection: Selection = nothingSelected;
  /** What is shown large. */
  openKey: number | undefined;
  /** What is shown beside each other: images of the gallery, perhaps with the source of an edit. */
  compared: { keys: readonly number[]; source?: Reference } | undefined;
  /** The day of the images at the upper edge. */
  day: number | undefined;
  /** How many images came above those in sight. */
  news = 0;
  /** Whether the filter hides what was made last. */
  isHidingNew = false;
  isFilterOpen = false;
  readonly #changed: () => void;
  /** Something is to be drawn, and nothing to be saved. */
  readonly #arrived: () => void;
  readonly #askedAt = new Map<number, number>();
  #needed = new Set<number>();
  /** The newest image that was in sight. */
  #seen = 0;
  #follow: 'no' | 'scrolls' | 'stays' = 'no';

  constructor(changed: () => void, arrived: () => void) {
    this.#changed = changed;
    this.#arrived = arrived;
  }

  receiveGallery({ filter, keys, createdAt, entries }: Gallery): void {
    // The answer to an earlier query.
    if (!isSameFilter(filter, this.filter)) return;
    for (const entry of entries) this.entries.set(entry.key, entry);
    this.selection = keepExisting(this.selection, this.keys ?? keys, keys);
    if (this.openKey !== undefined && !keys.includes(this.openKey))
      this.openKey = this.selection.focus;
    this.#count(keys);
    this.keys = keys;
    this.createdAt = createdAt;
    this.#changed();
  }

  #count(keys: readonly number[]): void {
    if (this.keys === undefined) this.#seen = keys[0] ?? 0;
    const isOld = (key: number) => key <= this.#seen;
    const newKeys = keys.findIndex(isOld);
    this.news = newKeys === -1 ? keys.length : newKeys;
    if (this.news === 0) return;
    this.isHidingNew = false;
    if (this.#follow === 'stays') this.#follow = 'no';
  }

  /** What is drawn next was asked for here, and is shown when it comes. */
  follow(): void {
    this.#follow = 'scrolls';
    this.isHidingNew = false;
  }

  /** The user looks elsewhere in the gallery, and is left there. */
  stopFollowing(): void {
    if (this.#follow === 'scrolls') this.#follow = 'stays';
  }

  /** @returns whether the gallery is to show what came. */
  takeFollowing(): boolean {
    if (this.#follow !== 'scrolls' || this.news === 0) return false;
    this.#follow = 'no';
    return true;
  }

  /** A while after a request was accepted: what is not in the gallery by now is hidden by the filter. */
  expectNew(): void {
    if (this.#follow === 'no') return;
    this.#follow = 'no';
    this.isHidingNew = isNarrowed(this.filter);
    this.#arrived();
  }

  /** What is in sight now. */
  look({ isAtStart, day }: { isAtStart: boolean; day: number | undefined }): void {
    const newest = this.keys?.[0] ?? 0;
    const news = isAtStart ? 0 : this.news;
    if (isAtStart) this.#seen = Math.max(this.#seen, newest);
    if (day === this.day && news === this.news) return;
    this.day = day;
    this.news = news;
    this.#arrived();
  }

  openFilter(isOpen: boolean): void {
    this.isFilterOpen = isOpen;
    this.#changed();
  }

  /** @returns those that were known, as they were. */
  receiveEntries(entries: readonly Entry[]): Map<number, Entry> {
    const before = new Map<number, Entry>();
    for (const entry of entries) {
      const known = this.entries.get(entry.key);
      if (known) before.set(entry.key, known);
      this.entries.set(entry.key, entry);
      this.#askedAt.delete(entry.key);
    }
    this.#arrived();
    return before;
  }

  ask(filter: Filter): void {
    this.filter = filter;
    this.isHidingNew = false;
    host.post({ kind: 'query', filter });
    this.#changed();
  }

  /** Asks the host for those entries that are not known, once a frame. */
  need(keys: readonly number[]): void {
    const now = performance.now();
    const unknown = keys.filter((key) => {
      const askedAt = this.#askedAt.get(key);
      return !this.entries.has(key) && (askedAt === undefined || now - askedAt > askAgainMs);
    });
    if (unknown.length === 0) return;
    const isFirst = this.#needed.size === 0;
    for (const key of unknown) {
      this.#askedAt.set(key, now);
      this.#needed.add(key);
    }
    if (isFirst) requestAnimationFrame(() => this.#askNeeded());
  }

  #askNeeded(): void {
    const keys = [...this.#needed].slice(0, maxNeededKeys);
    this.#needed = new Set();
    host.post({ kind: 'need', keys });
  }

  /** Drops entries far from the visible ones, so that memory does not grow. */
  forgetFar(firstIndex: number, lastIndex: number): void {
    if (this.entries.size <= mostEntries || !this.keys) return;
    const kept = new Set(
      this.keys.slice(Math.max(0, firstIndex - keptAround), lastIndex + keptAround),
    );
    for (const key of this.#draggable()) kept.add(key);
    for (const key of this.entries.keys())
      if (!kept.has(key) && key !== this.openKey) this.entries.delete(key);
    this.#askedAt.clear();
  }

  select(selection: Selection): void {
    this.selection = selection;
    this.need(this.#draggable());
    this.#changed();
  }

  /** What is selected, where all of it may be dragged: then each file has to be known at once. */
  #draggable(): number[] {
    const { selected } = this.selection;
    return selected.size > maxDraggedImages ? [] : [...selected];
  }

  open(key: number): void {
    this.openKey = key;
    this.selection = selectOnly(key);
    this.need([key]);
    this.#changed();
  }

  close(): void {
    this.openKey = undefined;
    this.#changed();
  }

  /** The image, or the selection that it is in. */
  concerned(key: number): number[] {
    return concerned(this.selection, key, this.keys ?? []);
  }

  /** The images that an action on one image is for; none where there are too many for it. */
  concernedBy(action: EntryAction, key: number): number[] {
    const keys = forMany.has(action) ? this.concerned(key) : [key];
    const able = keys.filter((each) => this.entries.get(each)?.actions.includes(action) ?? true);
    return action === 'open' && able.length > maxOpenedImages ? [] : able;
  }

  /** Runs an action on an image, or on the selection that the image is in if the action takes many. */
  act(action: EntryAction, key: number): void {
    const keys = this.concernedBy(action, key);
    if (keys.length > 0) host.post({ kind: 'act', action, keys });
  }

  /** Images go to the trash, jobs out of the list. */
  deleteAt(key: number): void {
    this.discard(this.concerned(key));
  }

  /** Removes all of them that can be removed at once, so that one undo brings them back. */
  discard(keys: readonly number[]): void {
    const able = keys.filter((each) => this.canDiscard(each));
    const hasFile = (key: number) => this.entries.get(key)?.actions.includes('delete') === true;
    if (able.length === 0) return;
    host.post({ kind: 'act', action: able.some(hasFile) ? 'delete' : 'remove', keys: able });
  }

  /** What is still drawn is paid, and stays. */
  canDiscard(key: number): boolean {
    const actions = this.entries.get(key)?.actions ?? [];
    return actions.includes('delete') || actions.includes('remove');
  }

  /** Of these, what goes when another image is kept: files, and what ended without costing anything. */
  replaceable(keys: readonly number[]): number[] {
    return keys.filter((key) => {
      const actions = this.entries.get(key)?.actions ?? [];
      return this.canDiscard(key) && !actions.some((action) => ofPaid.has(action));
    });
  }

  /** All images of the request that an image is of, itself included; none when it is alone. */
  variationsOf(key: number): readonly number[] {
    const { keys = [], createdAt } = this;
    const found = variationsAt(createdAt, keys.indexOf(key));
    return found ? keys.slice(found.first, found.first + found.count) : [];
  }

  /** The other images of the request that go when this one is kept. */
  rivalsOf(key: number): number[] {
    if (!this.entries.get(key)?.image) return [];
    return this.replaceable(this.variationsOf(key).filter((each) => each !== key));
  }

  compare(keys: readonly number[], source?: Reference): void {
    this.compared = { keys, ...(source && { source }) };
    this.openKey = undefined;
    this.#changed();
  }

  compareNothing(): void {
    this.compared = undefined;
    this.#changed();
  }
}

/** What brings the image of a job that is paid, or perhaps is, and has no file. */
const ofPaid: ReadonlySet<EntryAction> = new Set([
  'resume',
  'saveAs',
  'lookUp',
  'submitAgain',
  'locate',
]);

const forMany = new Set<EntryAction>([
  'open',
  'insert',
  'edit',
  'compare',
  'favourite',
  'unfavourite',
  'delete',
  'cancel',
  'stop',
  'resume',
  'retry',
  'remove',
  'copyPath',
]);

function isSameFilter(a: Filter, b: Filter): boolean {
  return (
    a.words === b.words &&
    a.workspaceUri === b.workspaceUri &&
    a.isFavourite === b.isFavourite &&
    a.size === b.size &&
    a.hasReferences === b.hasReferences
  );
}

export function isNarrowed(filter: Filter): boolean {
  return !isSameFilter({ ...filter, words: filter.words.trim() }, { words: '' });
}
