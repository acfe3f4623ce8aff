import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { iconButton } from './controls/icon.ts';
import { messages } from './pageMessages.ts';
import { StudioElement } from './studioElement.ts';

/** Says what was deleted, with a button that undoes it; stays while it is in use. */
class UndoBar extends StudioElement {
  override render(): TemplateResult | typeof nothing {
    const { model } = this;
    if (!model.deleted) return nothing;
    return html`<div
      class="undo-bar"
      @pointermove=${() => model.keepUndo()}
      @focusin=${() => model.keepUndo()}
    >
      <span class="undo-sentence">${model.deleted.sentence}</span>
      <button type="button" class="link" @click=${() => this.#leave(() => model.undoDelete())}>
        ${messages.undo}
      </button>
      ${iconButton('close', messages.close, () => this.#leave(() => model.forgetDeleted()))}
    </div>`;
  }

  /** Gives the focus back to the gallery, as the button is removed. */
  #leave(act: () => void): void {
    act();
    document.querySelector<HTMLElement>('.cell[tabindex="0"]')?.focus({ preventScroll: true });
  }
}
customElements.define('studio-undo-bar', UndoBar);
