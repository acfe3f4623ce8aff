import { html } from 'lit';
import type { TemplateResult } from 'lit';
import './compose/compose.ts';
import './detail/detail.ts';
import './gallery/gallery.ts';
import './gallery/galleryFilter.ts';
import './notices.ts';
import './undoBar.ts';
import { messages } from './pageMessages.ts';
import { StudioElement } from './studioElement.ts';

/** Compose and gallery are side by side from this width on. */
const wide = window.matchMedia('(min-width: 900px)');

export class StudioApp extends StudioElement {
  readonly #onWidth = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    wide.addEventListener('change', this.#onWidth);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    wide.removeEventListener('change', this.#onWidth);
  }

  override render(): TemplateResult {
    const { model } = this;
    const isOpen = model.gallery.openKey !== undefined;
    return html`
      <main class=${wide.matches ? 'studio wide' : 'studio narrow'}>
        <h1 class="unseen">${messages.studio}</h1>
        <section
          class="compose-pane"
          aria-label=${messages.compose}
          ?inert=${isOpen && !wide.matches}
        >
          <studio-compose .model=${model}></studio-compose>
        </section>
        <div class="gallery-pane" ?inert=${isOpen}>
          <studio-notices .model=${model}></studio-notices>
          <studio-gallery-filter .model=${model}></studio-gallery-filter>
          <studio-gallery .model=${model}></studio-gallery>
        </div>
        <studio-detail .model=${model}></studio-detail>
        <studio-undo-bar .model=${model}></studio-undo-bar>
      </main>
      <div class="unseen" role="status" aria-live="polite">${model.announcement}</div>
    `;
  }
}
customElements.define('studio-app', StudioApp);
