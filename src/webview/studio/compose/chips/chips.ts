import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { choices } from '../../controls/field.ts';
import { iconButton } from '../../controls/icon.ts';
import { openMenu } from '../../controls/menu.ts';
import { fill } from '../../format.ts';
import { messages } from '../../pageMessages.ts';
import { StudioElement } from '../../studioElement.ts';
import { chipsOf } from './chipList.ts';
import type { Chip } from './chipList.ts';
import { fitChips } from './fitChips.ts';

const gapPx = 4;
const morePx = 24;
/** From this width on the usual numbers of images are there to be clicked. */
const countsFromPx = 360;
const usualCounts = [1, 2, 3, 4];

/** The choices of the request in one row: as many as fit, and the others behind one button. */
class Chips extends StudioElement {
  readonly #resize = new ResizeObserver(() => this.#measure());
  #shown = Infinity;
  #roomPx = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
  }

  override render(): TemplateResult | typeof nothing {
    const { state, compose } = this.model;
    if (!state) return nothing;
    const chips = chipsOf(state, compose);
    const hidden = chips.slice(this.#shown);
    return html`<div
      class="chips"
      role="group"
      aria-label=${messages.settings}
      aria-busy=${compose.isChoosing ? 'true' : 'false'}
    >
      ${chips.map(
        (chip, index) =>
          html`<div class="chip-place" ?inert=${index >= this.#shown}>${this.#chip(chip)}</div>`,
      )}
      ${
        hidden.length > 0
          ? iconButton('settings', messages.moreSettings, (event) => this.#openMore(hidden, event))
          : nothing
      }
    </div>`;
  }

  override updated(): void {
    // The icons come later than the words.
    for (const place of this.querySelectorAll('.chip-place')) this.#resize.observe(place);
    this.#measure();
  }

  #chip(chip: Chip): TemplateResult {
    if (chip.id === 'count' && this.#roomPx >= countsFromPx) return this.#counts(chip);
    const label = fill(messages.namedValue, chip.name, chip.value);
    return html`<button
      type="button"
      class="chip"
      title=${label}
      aria-label=${label}
      aria-haspopup=${chip.items ? 'menu' : nothing}
      @click=${({ currentTarget }: Event) => openChip(chip, currentTarget as HTMLElement)}
    >
      ${chip.face}
    </button>`;
  }

  #counts(chip: Chip): TemplateResult {
    const { compose } = this.model;
    const { count } = compose.draft;
    const shown = usualCounts.includes(count) ? usualCounts : [...usualCounts, count];
    const options = shown.map((each) => {
      const id = String(each);
      return { id, label: id, face: html`<span>${id}</span>` };
    });
    const group = { name: 'count', label: messages.count, className: 'counts' };
    return html`<div class="chip-counts">
      ${choices(group, options, String(count), (id) => compose.change({ count: Number(id) }))}
      ${iconButton('chevron-down', messages.otherCount, ({ currentTarget }) =>
        openChip(chip, currentTarget as HTMLElement),
      )}
    </div>`;
  }

  #openMore(chips: readonly Chip[], { currentTarget }: Event): void {
    const opener = currentTarget as HTMLElement;
    const items = chips.map((chip) => ({
      label: fill(messages.namedValue, chip.name, chip.value),
      run: () => openChip(chip, opener),
    }));
    openMenu(items, opener, messages.moreSettings);
  }

  #measure(): void {
    const places = [...this.querySelectorAll<HTMLElement>('.chip-place')];
    const widthsPx = places.map(({ offsetWidth }) => offsetWidth);
    const roomPx = this.clientWidth;
    const shown = fitChips(widthsPx, roomPx, { gapPx, morePx });
    const isOtherFace = roomPx >= countsFromPx !== this.#roomPx >= countsFromPx;
    this.#roomPx = roomPx;
    if (shown === this.#shown && !isOtherFace) return;
    this.#shown = shown;
    this.requestUpdate();
  }
}
customElements.define('studio-chips', Chips);

function openChip({ items, name, run }: Chip, opener: HTMLElement): void {
  if (items) openMenu(items, opener, name);
  else run?.();
}
