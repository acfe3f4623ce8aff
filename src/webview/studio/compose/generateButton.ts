import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { creditMessage } from './creditMessage.ts';
import { fill, formatNumber } from '../format.ts';
import { host } from '../host.ts';
import { locale, messages } from '../pageMessages.ts';
import { expectedCost, obstacleOf } from './readiness.ts';
import type { Obstacle } from './readiness.ts';
import { StudioElement } from '../studioElement.ts';

/**
 * The one primary button, with the expected cost or the reason why it is disabled. A click does not
 * take the focus from the prompt.
 */
class GenerateButton extends StudioElement {
  override render(): TemplateResult | typeof nothing {
    const { state, compose } = this.model;
    if (!state) return nothing;
    const obstacle = obstacleOf(state, compose.draft);
    const cost = expectedCost(state, compose.draft);
    const face =
      cost === undefined
        ? messages.generate
        : fill(messages.generateCost, messages.generate, creditMessage(cost));
    return html`<div class="generate">
      <vscode-button
        block
        class="generate-button"
        aria-describedby="generate-why"
        aria-disabled=${obstacle || compose.isSending ? 'true' : 'false'}
        @mousedown=${(event: Event) => event.preventDefault()}
        @keydown=${keepPageStill}
        @click=${() => compose.generate(state)}
        >${face}</vscode-button
      >
      <div class="generate-notes">
        <span id="generate-why" class="quiet">${this.#why(obstacle)}</span>
        ${
          state.credits === undefined
            ? nothing
            : html`<span class="quiet nowrap"
                >${fill(messages.creditsLeft, creditMessage(state.credits))}</span
              >`
        }
      </div>
    </div>`;
  }

  #why(obstacle: Obstacle | undefined): unknown {
    const { isSending, refusal } = this.model.compose;
    if (refusal && refusal.field === undefined)
      return html`<span class="error">${refusal.sentence}</span>`;
    if (isSending) return messages.sending;
    switch (obstacle?.kind) {
      case undefined:
        return nothing;
      case 'key':
        return html`${messages.whyNoKey}
          <button
            type="button"
            class="link"
            @click=${() => host.post({ kind: 'notice', action: 'setKey' })}
          >
            ${messages.setKey}
          </button>`;
      case 'empty':
        return messages.whyEmpty;
      case 'destination':
        return messages.whyDestination;
      case 'tooLong':
        return fill(messages.whyTooLong, formatNumber(locale, obstacle.excess));
      case 'references':
        return fill(messages.whyReferences, formatNumber(locale, obstacle.most));
    }
  }
}
customElements.define('studio-generate-button', GenerateButton);

/** The space bar presses the button, and must not scroll the page as well. */
function keepPageStill(event: KeyboardEvent): void {
  if (event.key === ' ') event.preventDefault();
}
