import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import './compare/compareView.ts';
import './compose/compose.ts';
import './detail/detail.ts';
import './gallery/gallery.ts';
import './gallery/galleryHead.ts';
import './notices.ts';
import './undoBar.ts';
import { onPageLayout, pageLayout } from './layout.ts';
import { messages } from './pageMessages.ts';
import { StudioElement } from './studioElement.ts';
import type { StudioModel } from './studioModel.ts';

export class StudioApp extends StudioElement {
  #stopListening: (() => void) | undefined;

  /** Whoever looks through the gallery is not taken to what comes. */
  readonly #onLook = () => this.model.gallery.stopFollowing();
  #hasGallery = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopListening = onPageLayout(() => this.requestUpdate());
  }

  /** The request can be written, and is seen, a frame before the gallery is drawn. */
  override firstUpdated(): void {
    requestAnimationFrame(() =>
      setTimeout(() => {
        this.#hasGallery = true;
        this.requestUpdate();
      }),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopListening?.();
  }

  override render(): TemplateResult {
    const { model } = this;
    const layout = pageLayout();
    const isWide = layout === 'wide';
    const isOpen = model.gallery.openKey !== undefined || model.gallery.compared !== undefined;
    return html`
      <main class=${isWide ? 'studio wide' : 'studio stacked'}>
        <h1 class="unseen">${messages.studio}</h1>
        <section class="compose-pane" aria-label=${messages.compose} ?inert=${isOpen && !isWide}>
          <studio-compose .model=${model} .layout=${layout}></studio-compose>
        </section>
        <div
          class="gallery-pane"
          ?inert=${isOpen}
          @wheel=${this.#onLook}
          @pointerdown=${this.#onLook}
          @keydown=${this.#onLook}
        >
          <studio-notices .model=${model}></studio-notices>
          ${this.#hasGallery ? gallery(model) : nothing}
        </div>
        <studio-detail .model=${model}></studio-detail>
        <studio-compare .model=${model}></studio-compare>
        <studio-undo-bar .model=${model}></studio-undo-bar>
      </main>
      <div class="unseen" role="status" aria-live="polite">${model.announcement}</div>
    `;
  }
}
customElements.define('studio-app', StudioApp);

function gallery(model: StudioModel): TemplateResult {
  return html`<studio-gallery-head .model=${model}></studio-gallery-head>
    <studio-gallery .model=${model}></studio-gallery>`;
}
