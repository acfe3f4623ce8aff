import type { Entry } from '../../shared/studio/entry.ts';
import type { State } from '../../shared/studio/state.ts';
import type { ToPage } from '../../shared/studioProtocol.ts';
import { ComposeModel } from './compose/composeModel.ts';
import { fill } from './format.ts';
import { GalleryModel } from './gallery/galleryModel.ts';
import { host } from './host.ts';
import type { Saved } from './host.ts';
import { focusPromptByCommand } from './pageFocus.ts';
import { messages } from './pageMessages.ts';

type Deleted = Omit<Extract<ToPage, { kind: 'deleted' }>, 'kind'>;

const undoForMs = 12_000;
const repeatWithinMs = 2_000;
/** The host sends the gallery so soon after a request was accepted. */
const newWithinMs = 1_000;

/** The state of the page. Its elements subscribe, and update when it changes. */
export class StudioModel {
  readonly compose = new ComposeModel(() => this.#changed());
  readonly gallery = new GalleryModel(
    () => this.#changed(),
    () => this.#draw(),
  );
  state: State | undefined;
  deleted: Deleted | undefined;
  /** The text of the live region. */
  announcement = '';
  anchor: Saved['anchor'];
  /** URLs whose image could not be decoded. */
  readonly unreadable = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #announcedAt = 0;
  #undoTimer: number | undefined;

  /** @param first the state that was in the HTML */
  start(first?: ToPage): void {
    const saved = host.load();
    if (saved.draft) {
      this.compose.restore(saved.draft);
      host.post({ kind: 'draft', draft: saved.draft });
    }
    this.gallery.filter = saved.filter ?? { words: '' };
    this.gallery.openKey = saved.openKey;
    this.gallery.selection = {
      focus: saved.focus,
      anchor: saved.focus,
      selected: new Set(saved.selected),
    };
    this.anchor = saved.anchor;
    host.listen((message) => this.#receive(message));
    host.post({ kind: 'ready' });
    host.post({ kind: 'query', filter: this.gallery.filter });
    if (first) this.#receive(first);
  }

  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  announce(sentence: string): void {
    const now = performance.now();
    // The host and a changed entry may announce the same event.
    if (this.announcement.trim() === sentence && now - this.#announcedAt < repeatWithinMs) return;
    this.#announcedAt = now;
    // Screen readers read a sentence again only when the text differs.
    this.announcement = this.announcement === sentence ? `${sentence}\u00a0` : sentence;
    this.#changed();
  }

  markUnreadable(src: string): void {
    if (this.unreadable.has(src)) return;
    this.unreadable.add(src);
    this.#changed();
  }

  /** Submits the draft; the gallery shows what comes of it. */
  generate(): void {
    if (this.compose.generate(this.state)) this.gallery.follow();
  }

  undoDelete(): void {
    if (!this.deleted) return;
    const { keys } = this.deleted;
    host.post({ kind: 'undelete', keys });
    this.forgetDeleted();
    this.announce(keys.length === 1 ? messages.restored : fill(messages.restoredMany, keys.length));
  }

  forgetDeleted(): void {
    clearTimeout(this.#undoTimer);
    this.deleted = undefined;
    this.#changed();
  }

  /** Starts the time limit of the undo bar, or starts it again while the bar is in use. */
  keepUndo(): void {
    clearTimeout(this.#undoTimer);
    this.#undoTimer = window.setTimeout(() => this.forgetDeleted(), undoForMs);
  }

  /** Saves at once: a page that is hidden is destroyed. */
  save(): void {
    const { filter, selection, openKey } = this.gallery;
    host.save({
      draft: this.compose.draft,
      filter,
      selected: [...selection.selected].slice(0, 1_000),
      ...(this.anchor ? { anchor: this.anchor } : {}),
      ...(selection.focus === undefined ? {} : { focus: selection.focus }),
      ...(openKey === undefined ? {} : { openKey }),
    });
  }

  #changed(): void {
    this.save();
    this.#draw();
  }

  #draw(): void {
    for (const listener of this.#listeners) listener();
  }

  #receive(message: ToPage): void {
    switch (message.kind) {
      case 'state':
        this.state = message.state;
        this.compose.receiveState(message.state);
        this.#changed();
        return;
      case 'gallery':
        this.gallery.receiveGallery(message);
        return;
      case 'entries':
        this.#receiveEntries(message.entries);
        return;
      case 'draft':
        this.compose.receiveDraft(message.draft, message.references, message.isOthers);
        return;
      case 'nextImage':
        this.compose.receiveNextImage(message);
        return;
      case 'choices':
        this.compose.receiveChoices(message);
        return;
      case 'references':
        this.#receiveReferences(message.references);
        return;
      case 'filesMoved':
        this.compose.followFiles(message);
        return;
      case 'accepted':
        this.compose.receiveAnswer();
        setTimeout(() => this.gallery.expectNew(), newWithinMs);
        return;
      case 'refused':
        this.announce(message.sentence);
        this.compose.receiveAnswer(message);
        return;
      case 'focusPrompt':
        // A reference that is added is seen, and not under an image that is shown large.
        if (this.gallery.openKey !== undefined) this.gallery.close();
        if (this.gallery.compared) this.gallery.compareNothing();
        requestAnimationFrame(focusPromptByCommand);
        return;
      case 'announce':
        this.announce(message.sentence);
        return;
      case 'deleted':
        this.deleted = message;
        this.keepUndo();
        this.announce(message.sentence);
        return;
    }
  }

  #receiveReferences(references: Parameters<ComposeModel['receiveReferences']>[0]): void {
    const added = this.compose.receiveReferences(references);
    const names = added.map(({ label }) => label).join(', ');
    if (names !== '') this.announce(fill(messages.referencesAdded, names));
  }

  #receiveEntries(entries: readonly Entry[]): void {
    const before = this.gallery.receiveEntries(entries);
    for (const entry of entries) {
      const was = before.get(entry.key)?.state;
      if (was === undefined || was === entry.state) continue;
      if (entry.state === 'saved' && entry.image)
        this.announce(fill(messages.savedTo, entry.image.path));
      if (entry.state === 'failed' && entry.error)
        this.announce(fill(messages.failedWith, entry.prompt, entry.error.sentence));
    }
  }
}
