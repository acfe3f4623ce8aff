import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { iconButton } from './controls/icon.ts';
import { messages } from './pageMessages.ts';
import { StudioElement } from './studioElement.ts';

/** What was deleted, and the way back; it stays while somebody is at it. */
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

  /** The focus goes back to the gallery: the button is gone. */
  #leave(act: () => void): void {
    act();
    document.querySelector<HTMLElement>('.cell[tabindex="0"]')?.focus({ preventScroll: true });
  }
}
customElements.define('studio-undo-bar', UndoBar);
