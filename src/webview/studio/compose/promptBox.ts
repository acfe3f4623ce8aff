import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { fieldError } from '../controls/field.ts';
import { fill, formatNumber } from '../format.ts';
import { host } from '../host.ts';
import { takePaste } from './incoming.ts';
import { locale, messages } from '../pageMessages.ts';
import { recall } from './promptHistory.ts';
import { counterOf } from './readiness.ts';
import { mentionAt } from './referenceOrder.ts';
import type { PageLayout } from '../layout.ts';
import { acceptPageFocus } from '../pageFocus.ts';
import { StudioElement } from '../studioElement.ts';

/** An option of the list that `@` opens: a reference by its number, or adding references. */
interface Offer {
  label: string;
  insert: string | undefined;
}

/** The text after an `@`, and which option is active. */
interface Mention {
  start: number;
  written: string;
  at: number;
}

/** The prompt: the box, its counter, earlier prompts by the arrow keys, images by `@`. */
class PromptBox extends StudioElement {
  static override properties = { model: { attribute: false }, layout: { attribute: false } };
  declare layout: PageLayout;
  #recalled = -1;
  #mention: Mention | undefined;

  override firstUpdated(): void {
    acceptPageFocus();
  }

  override render(): TemplateResult {
    const { compose, state } = this.model;
    const maxChars = state?.options.maxPromptChars ?? 2_000;
    const counter = counterOf(compose.draft.prompt, maxChars);
    const isWrong = counter?.isOver === true || compose.refusal?.field === 'prompt';
    return html`<div class="prompt-field">
      <div class="prompt-head">
        <label class=${this.layout === 'wide' ? 'label' : 'unseen'} for="prompt"
          >${messages.prompt}</label
        >
        ${
          counter
            ? html`<span id="prompt-counter" class=${counter.isOver ? 'error' : 'quiet'}
                >${fill(
                  messages.promptCounter,
                  formatNumber(locale, counter.chars),
                  formatNumber(locale, maxChars),
                )}</span
              >`
            : nothing
        }
      </div>
      <textarea
        id="prompt"
        class=${isWrong ? 'prompt invalid' : 'prompt'}
        rows=${this.layout === 'wide' ? 3 : 2}
        spellcheck="true"
        placeholder=${this.layout === 'medium' ? messages.promptWithHint : messages.promptPlaceholder}
        aria-invalid=${isWrong ? 'true' : 'false'}
        aria-describedby="prompt-counter prompt-error"
        aria-controls=${this.#mention ? 'mentions' : nothing}
        aria-activedescendant=${this.#mention ? `mention-${String(this.#mention.at)}` : nothing}
        .value=${compose.draft.prompt}
        @input=${(event: InputEvent) => this.#onInput(event.target as HTMLTextAreaElement)}
        @keydown=${(event: KeyboardEvent) => this.#onKey(event)}
        @blur=${() => this.#offer(undefined)}
        @paste=${(event: ClipboardEvent) => this.#onPaste(event)}
      ></textarea>
      ${this.#offers()} ${fieldError('prompt-error', compose.refusal, 'prompt')}
    </div>`;
  }

  #onInput(box: HTMLTextAreaElement): void {
    this.#recalled = -1;
    const mention = mentionAt(box.value, box.selectionStart);
    this.#mention = mention && { ...mention, at: 0 };
    this.model.compose.change({ prompt: box.value });
  }

  #onPaste(event: ClipboardEvent): void {
    if (event.clipboardData && takePaste(event.clipboardData, this.model)) event.preventDefault();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    // The column handles it: this submits from each of its fields.
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return;
    if (this.#mention) this.#onOfferKey(event, this.#mention);
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') this.#recall(event);
  }

  #recall(event: KeyboardEvent): void {
    if (event.altKey || event.shiftKey || event.ctrlKey || event.metaKey) return;
    const { compose, state } = this.model;
    const direction = event.key === 'ArrowUp' ? 'older' : 'newer';
    const found = recall(state?.history ?? [], this.#recalled, compose.draft.prompt, direction);
    if (!found) return;
    event.preventDefault();
    this.#recalled = found.at;
    compose.change({ prompt: found.text });
  }

  #offered(): Offer[] {
    const written = this.#mention?.written.toLowerCase() ?? '';
    const offers: Offer[] = this.model.compose.references.map(({ label }, index) => ({
      label: fill(messages.referenceName, index + 1, label),
      insert: fill(messages.mention, index + 1),
    }));
    const fitting = offers.filter(({ label }) => label.toLowerCase().includes(written));
    return [...fitting, { label: messages.addReferences, insert: undefined }];
  }

  #offers(): TemplateResult | typeof nothing {
    const mention = this.#mention;
    if (!mention) return nothing;
    return html`<div id="mentions" class="mentions" role="listbox" aria-label=${messages.mentions}>
      ${this.#offered().map(
        (offer, index) =>
          html`<div
            id="mention-${index}"
            class="mention"
            role="option"
            aria-selected=${index === mention.at ? 'true' : 'false'}
            @pointerdown=${(event: Event) => {
              event.preventDefault();
              this.#take(offer, mention);
            }}
          >
            ${offer.label}
          </div>`,
      )}
    </div>`;
  }

  #onOfferKey(event: KeyboardEvent, mention: Mention): void {
    const offered = this.#offered();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = offered[mention.at];
    if (step !== undefined)
      this.#offer({ ...mention, at: (mention.at + step + offered.length) % offered.length });
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) this.#take(chosen, mention);
    else if (event.key === 'Escape') this.#offer(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #take({ insert }: Offer, { start, written }: Mention): void {
    const box = this.querySelector('textarea');
    this.#offer(undefined);
    if (insert === undefined) host.post({ kind: 'pickReferences' });
    if (!box) return;
    box.setRangeText(insert ?? '', start, start + 1 + written.length, 'end');
    this.model.compose.change({ prompt: box.value });
  }

  #offer(mention: Mention | undefined): void {
    this.#mention = mention;
    this.requestUpdate();
  }
}
customElements.define('studio-prompt-box', PromptBox);
