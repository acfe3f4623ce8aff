import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { icon, iconButton } from '../controls/icon.ts';
import { fill, formatDay, formatNumber } from '../format.ts';
import { locale, messages } from '../pageMessages.ts';
import { StudioElement } from '../studioElement.ts';
import { StudioGallery } from './gallery.ts';
import './galleryFilter.ts';
import { isNarrowed } from './galleryModel.ts';

const findKey = navigator.userAgent.includes('Mac') ? '⌘F' : 'Ctrl+F';

/** Stays above the images: their day, what came above them, and the button for the filter. */
class GalleryHead extends StudioElement {
  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#onKey);
  }

  override render(): TemplateResult | typeof nothing {
    const { state, gallery } = this.model;
    if (!state || (state.isEmpty && (gallery.keys?.length ?? 0) === 0)) return nothing;
    const { filter, isFilterOpen, day } = gallery;
    const isActive = isNarrowed(filter);
    return html`<div class="gallery-head">
        <span class="head-day ellipsis" aria-hidden="true"
          >${day === undefined ? nothing : formatDay(locale, day, Date.now(), messages)}</span
        >
        ${this.#news()} ${isActive && !isFilterOpen ? this.#clear(messages.clearFilter) : nothing}
        <span class="head-space"></span>
        ${iconButton(
          isActive ? 'filter-filled' : 'filter',
          fill(messages.searchAndFilter, findKey),
          () => (isFilterOpen ? this.#close() : this.#open()),
          { isPressed: isFilterOpen },
        )}
      </div>
      ${
        isFilterOpen
          ? html`<studio-gallery-filter
              .model=${this.model}
              @close=${() => this.#close()}
            ></studio-gallery-filter>`
          : nothing
      }`;
  }

  /** Whoever looks at older images is told of new ones, and goes there by a click. */
  #news(): TemplateResult | typeof nothing {
    const { news, isHidingNew } = this.model.gallery;
    if (isHidingNew) return this.#clear(messages.hiddenByFilter);
    if (news === 0) return nothing;
    const text = news === 1 ? messages.oneNew : fill(messages.manyNew, formatNumber(locale, news));
    return html`<button type="button" class="link head-link ellipsis" @click=${scrollToStart}>
      ${icon('arrow-up')}${text}
    </button>`;
  }

  #clear(text: string): TemplateResult {
    return html`<button
      type="button"
      class="link head-link ellipsis"
      @click=${() => {
        this.model.gallery.ask({ words: '' });
        this.querySelector<HTMLElement>('.icon-button')?.focus();
      }}
    >
      ${text}
    </button>`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const isFind = event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey);
    if (!isFind || event.altKey || event.shiftKey || !this.querySelector('.gallery-head')) return;
    // Something large covers the gallery.
    if (this.closest('[inert]')) return;
    event.preventDefault();
    event.stopPropagation();
    this.#open();
  };

  #open(): void {
    this.model.gallery.openFilter(true);
    void this.updateComplete.then(async () => {
      const filter = this.querySelector('studio-gallery-filter');
      await (filter as StudioElement | null)?.updateComplete;
      this.querySelector<HTMLElement>('.filter-search')?.focus();
    });
  }

  #close(): void {
    this.model.gallery.openFilter(false);
    this.querySelector<HTMLElement>('.icon-button')?.focus();
  }
}
customElements.define('studio-gallery-head', GalleryHead);

function scrollToStart(): void {
  const gallery = document.querySelector('studio-gallery');
  if (gallery instanceof StudioGallery) gallery.scrollToStart();
}
