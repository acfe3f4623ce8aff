import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Reference } from '../../../shared/studio/draft.ts';
import { fieldError } from '../controls/field.ts';
import { fill } from '../format.ts';
import { host } from '../host.ts';
import { icon } from '../controls/icon.ts';
import { takePaste } from './incoming.ts';
import { messages } from '../pageMessages.ts';
import { StudioElement } from '../studioElement.ts';

const dragType = 'application/x-studio-reference';

/** The reference images, which a prompt names by their numbers. */
class ReferenceTray extends StudioElement {
  #dragged: number | undefined;

  override render(): TemplateResult {
    const { references, refusal } = this.model.compose;
    return html`<div class="tray-field" @paste=${(event: ClipboardEvent) => this.#onPaste(event)}>
      <ul class="tray" aria-label=${messages.references}>
        ${repeat(
          references,
          ({ uri }) => uri,
          (reference, index) => this.#item(reference, index),
        )}
        <li>
          <button
            type="button"
            class="tray-add"
            title=${fill(messages.namedValue, messages.addReferences, messages.referencesEmpty)}
            aria-label=${messages.addReferences}
            @click=${() => host.post({ kind: 'pickReferences' })}
          >
            ${icon('add')}
          </button>
        </li>
        ${
          references.length === 0
            ? html`<li class="tray-hint quiet">${messages.referencesEmpty}</li>`
            : nothing
        }
      </ul>
      <span id="reference-hint" hidden>${messages.referenceHint}</span>
      ${fieldError('references-error', refusal, 'references')}
    </div>`;
  }

  #item({ label, src }: Reference, index: number): TemplateResult {
    return html`<li
      class="tray-item"
      draggable="true"
      @dragstart=${(event: DragEvent) => this.#onDragStart(event, index)}
      @dragover=${(event: DragEvent) => this.#onDragOver(event)}
      @drop=${(event: DragEvent) => this.#onDrop(event, index)}
    >
      <button
        type="button"
        class="tray-image"
        title=${label}
        aria-label=${fill(messages.referenceName, index + 1, label)}
        aria-describedby="reference-hint"
        @keydown=${(event: KeyboardEvent) => this.#onKey(event, index, label)}
      >
        ${src === undefined ? icon('file-media') : html`<img src=${src} alt="" draggable="false" />`}
        <span class="tray-number">${index + 1}</span>
      </button>
      <button
        type="button"
        class="tray-remove"
        tabindex="-1"
        title=${fill(messages.removeReference, index + 1)}
        aria-label=${fill(messages.removeReference, index + 1)}
        @click=${() => this.#remove(index, label)}
      >
        ${icon('close')}
      </button>
    </li>`;
  }

  #onKey(event: KeyboardEvent, index: number, label: string): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Delete' || event.key === 'Backspace') this.#remove(index, label);
    else if (step === undefined) return;
    else if (event.altKey) this.#move(index, index + step, label);
    else this.#focus(index + step);
    event.preventDefault();
  }

  #move(from: number, to: number, label: string): void {
    const { compose } = this.model;
    const place = Math.max(0, Math.min(compose.references.length - 1, to));
    compose.moveReference(from, place);
    this.model.announce(fill(messages.referenceMoved, label, place + 1, compose.references.length));
    this.#focus(place);
  }

  #remove(index: number, label: string): void {
    this.model.compose.removeReference(index);
    this.model.announce(fill(messages.referenceRemoved, label));
    this.#focus(Math.min(index, this.model.compose.references.length - 1));
  }

  /** Focuses an image once the tray is updated, or the button that adds one when there is none. */
  #focus(index: number): void {
    void this.updateComplete.then(() => {
      const images = this.querySelectorAll<HTMLElement>('.tray-image');
      const at = Math.max(0, Math.min(images.length - 1, index));
      (images[at] ?? this.querySelector<HTMLElement>('.tray-add'))?.focus();
    });
  }

  #onDragStart({ dataTransfer }: DragEvent, index: number): void {
    this.#dragged = index;
    dataTransfer?.setData(dragType, String(index));
  }

  #onDragOver(event: DragEvent): void {
    if (event.dataTransfer?.types.includes(dragType)) event.preventDefault();
  }

  #onDrop(event: DragEvent, index: number): void {
    const from = this.#dragged;
    this.#dragged = undefined;
    if (from === undefined || !event.dataTransfer?.types.includes(dragType)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#move(from, index, this.model.compose.references[from]?.label ?? '');
  }

  #onPaste(event: ClipboardEvent): void {
    if (event.clipboardData && takePaste(event.clipboardData, this.model)) event.preventDefault();
  }
}
customElements.define('studio-reference-tray', ReferenceTray);
