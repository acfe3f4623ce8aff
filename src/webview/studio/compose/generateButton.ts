import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { creditMessage } from './creditMessage.ts';
import type { Draft } from '../../../shared/studio/draft.ts';
import type { State } from '../../../shared/studio/state.ts';
import { formatUsd } from '../../../shared/formatUsd.ts';
import { fill, formatNumber } from '../format.ts';
import { host } from '../host.ts';
import { locale, messages } from '../pageMessages.ts';
import { expectedCost, hasPicker, obstacleOf } from './readiness.ts';
import type { Obstacle } from './readiness.ts';
import type { PageLayout } from '../layout.ts';
import { StudioElement } from '../studioElement.ts';

/**
 * The one primary button, with the expected cost or the reason why it is disabled. A click does not
 * take the focus from the prompt.
 */
class GenerateButton extends StudioElement {
  static override properties = { model: { attribute: false }, layout: { attribute: false } };
  declare layout: PageLayout;

  get #isWide(): boolean {
    return this.layout === 'wide';
  }

  override render(): TemplateResult | typeof nothing {
    const { state, compose } = this.model;
    if (!state) return nothing;
    const obstacle = obstacleOf(state, compose.draft);
    const cost = expectedCost(state, compose.draft);
    const price = cost === undefined ? listPrice(state, compose.draft.count) : creditMessage(cost);
    const face =
      price === undefined
        ? messages.generate
        : fill(messages.generateCost, messages.generate, price);
    const source =
      price === undefined ? '' : cost === undefined ? messages.costByList : messages.costAsLast;
    const next = compose.nextImage.path;
    const quiet = this.#isWide || next === undefined ? source : fill(messages.nextImage, next);
    return html`<div class=${this.#isWide ? 'generate' : 'generate beside'}>
      <vscode-button
        ?block=${this.#isWide}
        title=${this.#isWide ? '' : source}
        class="generate-button"
        aria-describedby="generate-why"
        aria-disabled=${obstacle || compose.isSending || compose.isChoosing ? 'true' : 'false'}
        @mousedown=${(event: Event) => event.preventDefault()}
        @keydown=${keepPageStill}
        @click=${() => this.model.generate()}
        >${face}</vscode-button
      >
      <div class="generate-notes">
        <span id="generate-why" class="quiet why-not">${this.#why(state, obstacle) ?? quiet}</span>
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

  #why({ options }: State, obstacle: Obstacle | undefined): unknown {
    const { draft, isSending, refusal } = this.model.compose;
    if (refusal && !this.#isShownElsewhere(options, draft, refusal.field))
      return html`<span class="error">${refusal.sentence}</span>`;
    if (isSending) return messages.sending;
    const { problem } = this.model.compose.nextImage;
    if (problem !== undefined && !this.#isWide) return html`<span class="error">${problem}</span>`;
    switch (obstacle?.kind) {
      case undefined:
        return undefined;
      case 'key':
        return html`${messages.whyNoKey}
          <button
            type="button"
            class="link"
            @click=${() => host.post({ kind: 'notice', action: 'setKey' })}
          >
            ${messages.setKey}
          </button>`;
      case 'model':
        return messages.whyModel;
      case 'empty':
        return messages.whyEmpty;
      case 'destination':
        return messages.whyDestination;
      case 'tooLong':
        return fill(messages.whyTooLong, formatNumber(locale, obstacle.excess));
      case 'references':
        return obstacle.most === 0
          ? messages.whyNoReferences
          : fill(messages.whyReferences, formatNumber(locale, obstacle.most));
    }
  }

  /** Chips have no room for a sentence; prompt and references have, everywhere. */
  #isShownElsewhere(
    options: State['options'],
    draft: Draft,
    field: Parameters<typeof hasPicker>[2],
  ): boolean {
    if (!this.#isWide) return field === 'prompt' || field === 'references';
    return hasPicker(options, draft, field);
  }
}
customElements.define('studio-generate-button', GenerateButton);

/** "0.02–0.08 USD", of all images together. */
function listPrice({ price }: State, count: number): string | undefined {
  if (!price) return undefined;
  const [min, max] = [price.minUsd, price.maxUsd].map((usd) => formatUsd(locale, usd * count));
  return fill(messages.usd, min === max ? (min ?? '') : `${min ?? ''}–${max ?? ''}`);
}

/** The space bar presses the button, and must not scroll the page as well. */
function keepPageStill(event: KeyboardEvent): void {
  if (event.key === ' ') event.preventDefault();
}
