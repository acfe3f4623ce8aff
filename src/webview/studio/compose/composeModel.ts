import type { Draft, Reference, Style } from '../../../shared/studio/draft.ts';
import type { State } from '../../../shared/studio/state.ts';
import type { ToPage } from '../../../shared/studioProtocol.ts';
import { host } from '../host.ts';
import { maxReferenceUris } from '../../../shared/limits.ts';
import { followOnModel, followSource, withChosenSize, withReferences } from './followSource.ts';
import { moved } from './referenceOrder.ts';
import { fitToOptions, isShown, obstacleOf } from './readiness.ts';

type NextImage = Omit<Extract<ToPage, { kind: 'nextImage' }>, 'kind'>;
type Refusal = Omit<Extract<ToPage, { kind: 'refused' }>, 'kind'>;

const saveAfterMs = 100;

/** The draft. The editor keeps each change at once; the host gets the draft shortly after. */
export class ComposeModel {
  draft: Draft = { prompt: '', references: [], size: '', quality: '', count: 1, writtenAt: 0 };
  /** The draft's references with their images. */
  references: Reference[] = [];
  refusal: Refusal | undefined;
  /** Where the first image will be, or why it can be nowhere. */
  nextImage: NextImage = {};
  isSending = false;
  /** The style that is being written. */
  editedStyle: Style | undefined;
  /** The model that was chosen last, while what it takes is not known here yet. */
  choosing: string | undefined;
  readonly #changed: () => void;
  #choice = 0;
  #options: State['options'] | undefined;
  #postTimer: number | undefined;
  #hasHostDraft = false;
  #wasEdited = false;
  /** Whether another page wrote it last, which then also does what follows from it. */
  #isOthers = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get isChoosing(): boolean {
    return this.choosing !== undefined;
  }

  /** Takes the draft from before the page was hidden. The host sends its references' images later. */
  restore(draft: Draft): void {
    this.draft = draft;
    this.references = draft.references.map((uri) => ({ uri, label: lastPartOf(uri) }));
  }

  change(change: Partial<Draft>): void {
    this.#wasEdited = true;
    this.#isOthers = false;
    // Also where the clock was set back.
    const writtenAt = Math.max(Date.now(), this.draft.writtenAt + 1);
    this.draft = { ...this.draft, ...change, writtenAt };
    if (this.refusal && concerns(change, this.refusal.field)) this.refusal = undefined;
    this.#postSoon();
    this.#changed();
  }

  /**
   * The host answers with what that model takes. Until then the draft is for the model before, and
   * is neither kept nor submitted.
   */
  chooseModel(model: string): void {
    this.#choice += 1;
    this.choosing = model;
    this.change({});
    host.post({ kind: 'chooseModel', model, draft: this.draft, choice: this.#choice });
  }

  /** What was written meanwhile stays. Only the answer to the last choice counts. */
  receiveChoices({ kind: _, choice, ...choices }: Extract<ToPage, { kind: 'choices' }>): void {
    if (choice !== this.#choice) return;
    const { resolution: _r, background: _b, ...rest } = this.draft;
    this.draft = { ...rest, ...choices };
    if (this.#options) this.draft = followOnModel(this.draft, this.#options);
    this.choosing = undefined;
    this.refusal = undefined;
    this.#fit();
    this.change({});
  }

  removeSeed(): void {
    const { seed: _, ...rest } = this.draft;
    this.draft = rest;
    this.change({});
  }

  /** Stays whatever reference comes first, until there is none. */
  chooseSize(size: string): void {
    this.draft = withChosenSize(this.draft, size);
    this.change({ size });
  }

  /** Without a value there is none. */
  choose(field: 'quality' | 'resolution' | 'background', value: string): void {
    if (field === 'quality') {
      this.change({ quality: value });
      return;
    }
    const { [field]: _, ...rest } = this.draft;
    this.draft = rest;
    this.change(value === '' ? {} : { [field]: value });
  }

  changeStyle(name: string | undefined): void {
    const { style: _, ...rest } = this.draft;
    this.draft = rest;
    this.change(name === undefined ? {} : { style: name });
  }

  editStyle(style: Style | undefined): void {
    this.editedStyle = style;
    this.#changed();
  }

  setReferences(given: Reference[]): void {
    this.#isOthers = false;
    this.#replaceReferences(given);
    this.change({});
  }

  #replaceReferences(given: Reference[]): void {
    this.references = given.slice(0, maxReferenceUris);
    const uris = this.references.map(({ uri }) => uri);
    this.draft = withReferences(this.draft, uris);
    this.#follow();
  }

  moveReference(from: number, to: number): void {
    this.setReferences(moved(this.references, from, to));
  }

  removeReference(index: number): void {
    this.setReferences(this.references.filter((_, each) => each !== index));
  }

  /** The host learns at once that they are here. @returns those that were added. */
  receiveReferences(references: Reference[]): Reference[] {
    const there = new Set(this.references.map(({ uri }) => uri));
    const added = references.filter(({ uri }) => !there.has(uri));
    if (added.length > 0) this.setReferences([...this.references, ...added]);
    this.#post();
    return added;
  }

  /** What is being written stays as it is. */
  followFiles({ references: moved, folder }: Extract<ToPage, { kind: 'filesMoved' }>): void {
    const places = new Map(moved.map(({ from, reference }) => [from, reference]));
    if (folder && this.draft.folderUri === folder.from) this.#adjust({ folderUri: folder.to });
    if (!this.references.some(({ uri }) => places.has(uri))) return;
    const { following } = this.draft;
    const source = following?.source === undefined ? undefined : places.get(following.source)?.uri;
    if (following && source !== undefined)
      this.draft = { ...this.draft, following: { ...following, source } };
    this.#replaceReferences(this.references.map((each) => places.get(each.uri) ?? each));
    this.#adjust({});
  }

  /** Changes what the user did not. What another page wrote is changed and sent by that page. */
  #adjust(change: Partial<Draft>): void {
    if (!this.#isOthers) {
      this.change(change);
      return;
    }
    this.draft = { ...this.draft, ...change };
    this.#changed();
  }

  /** @param isOthers written in another page; what was written here since then stays */
  receiveDraft(draft: Draft, references: Reference[], isOthers = false): void {
    if (isOthers && (this.isChoosing || draft.writtenAt <= this.draft.writtenAt)) return;
    // An edit made before the host's first draft arrives is newer than that draft.
    if (!this.#hasHostDraft && this.#wasEdited) {
      const known = new Map(references.map((each) => [each.uri, each]));
      this.references = this.references.map((each) => known.get(each.uri) ?? each);
      const { size, quality } = this.draft;
      // What was not chosen here, such as the model, is that of the host's draft.
      const chosen = { size: size || draft.size, quality: quality || draft.quality };
      this.draft = { ...draft, ...this.draft, ...chosen };
    } else {
      this.draft = draft;
      this.references = references;
      this.refusal = undefined;
      this.#isOthers = isOthers;
      clearTimeout(this.#postTimer);
    }
    this.#hasHostDraft = true;
    this.#fit();
    if (this.#follow()) this.#adjust({});
    this.#changed();
  }

  receiveState({ options }: State): void {
    this.#options = options;
    this.#fit();
    if (this.#follow()) this.#adjust({});
  }

  /** @returns whether the draft has the shape of another reference now. */
  #follow(): boolean {
    // A draft from before the page was hidden may be older than the host's.
    if (!this.#options || this.isChoosing || !this.#hasHostDraft || this.#isOthers) return false;
    const before = this.draft;
    if (isShown(this.#options, before)) this.draft = followSource(before, this.#options);
    return this.draft !== before;
  }

  /** Replaces what the model does not offer, and a model that there is no more. */
  #fit(): void {
    const options = this.#options;
    // What another model takes is on its way.
    if (!options || this.isChoosing) return;
    const { model, ...rest } = this.draft;
    const isGone = model !== undefined && ![options.model, ...options.models].includes(model);
    if (isGone) this.draft = rest;
    if (isShown(options, this.draft)) this.draft = fitToOptions(options, this.draft);
  }

  /**
   * Submits the draft, unless the host has not answered an earlier submit yet.
   * @returns whether it was sent
   */
  generate(state: State | undefined): boolean {
    if (!state || this.isSending || this.isChoosing || obstacleOf(state, this.draft)) return false;
    clearTimeout(this.#postTimer);
    this.refusal = undefined;
    this.isSending = true;
    host.post({ kind: 'generate', draft: this.draft, model: state.options.model });
    this.#changed();
    return true;
  }

  receiveNextImage({ path, problem }: NextImage): void {
    this.nextImage = { path, problem };
    this.#changed();
  }

  receiveAnswer(refusal?: Refusal): void {
    this.isSending = false;
    this.refusal = refusal;
    this.#changed();
  }

  #postSoon(): void {
    clearTimeout(this.#postTimer);
    if (this.isChoosing) return;
    this.#postTimer = window.setTimeout(() => this.#post(), saveAfterMs);
  }

  #post(): void {
    clearTimeout(this.#postTimer);
    if (!this.isChoosing) host.post({ kind: 'draft', draft: this.draft });
  }
}

function concerns(change: Partial<Draft>, field: Refusal['field']): boolean {
  if (field === undefined || field === 'destination') return true;
  return field in change;
}

function lastPartOf(uri: string): string {
  const part = uri.split('/').at(-1) ?? uri;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
