import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import './generateButton.ts';
import './promptBox.ts';
import './referenceTray.ts';
import './chips/chips.ts';
import './pickers/styleForm.ts';
import './pickers/stylePicker.ts';
import { countPicker } from './pickers/countPicker.ts';
import { destinationLink } from './pickers/destinationLink.ts';
import { takeDrop } from './incoming.ts';
import { messages } from '../pageMessages.ts';
import { modelPicker } from './pickers/modelPicker.ts';
import { resolutionsOf } from './readiness.ts';
import { seedLine } from './pickers/seedLine.ts';
import { segmentPicker } from './pickers/segmentPicker.ts';
import type { ComposeModel } from './composeModel.ts';
import type { State } from '../../../shared/studio/state.ts';
import { sizePicker } from './pickers/sizePicker.ts';
import type { PageLayout } from '../layout.ts';
import { StudioElement } from '../studioElement.ts';

/** The request as it is being written. An image dropped anywhere on it becomes a reference. */
class Compose extends StudioElement {
  static override properties = { model: { attribute: false }, layout: { attribute: false } };
  declare layout: PageLayout;
  #isDropping = false;

  get #isWide(): boolean {
    return this.layout === 'wide';
  }

  override render(): TemplateResult {
    const { model } = this;
    return html`<div
      class=${this.#isWide ? 'compose' : 'compose compact'}
      @dragover=${(event: DragEvent) => this.#onDragOver(event)}
      @dragleave=${(event: DragEvent) => this.#onDragLeave(event)}
      @drop=${(event: DragEvent) => this.#onDrop(event)}
      @keydown=${(event: KeyboardEvent) => this.#onKey(event)}
    >
      ${this.#isWide ? this.#fields() : this.#box()}
      <studio-style-form .model=${model}></studio-style-form>
      <studio-generate-button .model=${model} .layout=${this.layout}></studio-generate-button>
      ${this.#isDropping ? html`<div class="drop-veil">${messages.dropHere}</div>` : nothing}
    </div>`;
  }

  #fields(): TemplateResult {
    const { model } = this;
    return html`<studio-prompt-box .model=${model} .layout=${this.layout}></studio-prompt-box>
      <studio-reference-tray .model=${model}></studio-reference-tray>
      ${this.#settings()}`;
  }

  /** As in the editor's chat: the prompt, and under it what else the request has. */
  #box(): TemplateResult {
    const { model } = this;
    return html`<div class="box">
      <studio-prompt-box .model=${model} .layout=${this.layout}></studio-prompt-box>
      <div class="box-row">
        <studio-reference-tray .model=${model}></studio-reference-tray>
        <studio-chips .model=${model}></studio-chips>
      </div>
    </div>`;
  }

  #settings(): TemplateResult | typeof nothing {
    const { model } = this;
    const { state, compose } = model;
    if (!state) return nothing;
    return html`<div class="settings" aria-busy=${compose.isChoosing ? 'true' : 'false'}>
        ${modelPicker(state.options, compose)} ${sizePicker(state.options, compose)}
        ${countPicker(state.options, compose)} ${this.#choices(state, compose)}
        ${seedLine(state.options, compose)}
        <studio-style-picker .model=${model}></studio-style-picker>
      </div>
      ${destinationLink(state, compose)}`;
  }

  /** What the model has a choice of. */
  #choices({ options }: State, compose: ComposeModel): unknown {
    const { qualities, backgrounds } = options;
    const { draft } = compose;
    const anyBackground = { id: '', label: messages.anyBackground };
    return [
      segmentPicker(
        'resolution',
        messages.resolution,
        resolutionsOf(options, draft),
        draft.resolution ?? '',
        compose,
      ),
      segmentPicker('quality', messages.quality, qualities, draft.quality, compose),
      segmentPicker(
        'background',
        messages.background,
        backgrounds.length > 0 ? [anyBackground, ...backgrounds] : [],
        draft.background ?? '',
        compose,
      ),
    ];
  }

  #onKey(event: KeyboardEvent): void {
    if (event.isComposing || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    // The editor has a meaning of its own for these keys.
    event.stopPropagation();
    this.model.generate();
  }

  #onDragOver(event: DragEvent): void {
    const { dataTransfer } = event;
    // The tray itself handles a reference that is dragged to another place in it.
    if (!dataTransfer || dataTransfer.types.includes('application/x-studio-reference')) return;
    event.preventDefault();
    dataTransfer.dropEffect = 'copy';
    this.#show(true);
  }

  #onDragLeave({ currentTarget, relatedTarget }: DragEvent): void {
    if (!(relatedTarget instanceof Node && (currentTarget as Node).contains(relatedTarget)))
      this.#show(false);
  }

  #onDrop(event: DragEvent): void {
    this.#show(false);
    if (!event.dataTransfer) return;
    event.preventDefault();
    void takeDrop(event.dataTransfer, this.model);
  }

  #show(isDropping: boolean): void {
    if (isDropping === this.#isDropping) return;
    this.#isDropping = isDropping;
    this.requestUpdate();
  }
}
customElements.define('studio-compose', Compose);
