import { formatBytes } from '../../../shared/formatBytes.ts';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { Reference } from '../../../shared/studio/draft.ts';
import type { Entry } from '../../../shared/studio/entry.ts';
import { captionActions } from './captionActions.ts';
import { labelOf, menuOf, runAction, stopActions } from './entryActions.ts';
import { beginningOf, fill, formatMoment, formatNumber } from '../format.ts';
import { StudioGallery } from '../gallery/gallery.ts';
import { creditMessage } from '../compose/creditMessage.ts';
import { icon, iconButton } from '../controls/icon.ts';
import { isTicking, isUnderWay, progressText } from '../gallery/jobMessages.ts';
import { openMenu } from '../controls/menu.ts';
import { focusInPage } from '../pageFocus.ts';
import { locale, messages } from '../pageMessages.ts';
import { StudioElement } from '../studioElement.ts';
import { openWhy } from './whyPopover.ts';

/** One image large, and how it was made. */
class Detail extends StudioElement {
  #shown: number | undefined;
  #tickTimer: number | undefined;

  override render(): TemplateResult | typeof nothing {
    const { openKey, entries } = this.model.gallery;
    if (openKey === undefined) return nothing;
    const entry = entries.get(openKey);
    return html`<section
      class="detail"
      role="dialog"
      aria-label=${messages.detail}
      tabindex="-1"
      @keydown=${(event: KeyboardEvent) => this.#onKey(event)}
    >
      ${this.#head(openKey)}
      ${
        entry
          ? html`<div class="detail-body">
              <div class="detail-image">${this.#image(entry)}</div>
              <div class="detail-side" tabindex="0" role="group" aria-label=${messages.prompt}>
                ${this.#side(entry)}
              </div>
            </div>`
          : nothing
      }
    </section>`;
  }

  override updated(): void {
    const { gallery } = this.model;
    const { openKey } = gallery;
    clearTimeout(this.#tickTimer);
    if (openKey !== undefined) {
      gallery.need([openKey]);
      const entry = gallery.entries.get(openKey);
      if (entry && isTicking(entry))
        this.#tickTimer = window.setTimeout(() => this.requestUpdate(), 1000);
      if (this.#shown === undefined) focusInPage(this.querySelector<HTMLElement>('.detail'));
    } else if (this.#shown !== undefined) this.#backToGallery(this.#shown);
    this.#shown = openKey;
  }

  /** Focuses the image that was shown last, and scrolls only if it is not in sight. */
  #backToGallery(shown: number): void {
    const gallery = document.querySelector('studio-gallery');
    if (gallery instanceof StudioGallery && document.activeElement === document.body)
      void gallery.reveal(this.model.gallery.selection.focus ?? shown);
  }

  #head(openKey: number): TemplateResult {
    const { keys = [] } = this.model.gallery;
    const at = keys.indexOf(openKey);
    return html`<header class="detail-head">
      ${iconButton('arrow-left', messages.back, () => this.model.gallery.close())}
      <span class="quiet"
        >${fill(messages.position, formatNumber(locale, at + 1), formatNumber(locale, keys.length))}</span
      >
      ${iconButton('chevron-left', messages.previous, () => this.#step(-1))}
      ${iconButton('chevron-right', messages.next, () => this.#step(1))}
    </header>`;
  }

  #step(step: 1 | -1): void {
    const { keys = [], openKey } = this.model.gallery;
    const next = openKey === undefined ? undefined : keys[keys.indexOf(openKey) + step];
    if (next !== undefined) this.model.gallery.open(next);
  }

  #onKey(event: KeyboardEvent): void {
    const hasModifier = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    if (event.defaultPrevented || hasModifier) return;
    if (event.key === 'Escape') this.model.gallery.close();
    else if (event.key === 'ArrowLeft') this.#step(-1);
    else if (event.key === 'ArrowRight') this.#step(1);
    else if (event.key === 'Delete' && this.#shown !== undefined)
      this.model.gallery.deleteAt(this.#shown);
    else return;
    event.preventDefault();
  }

  #image(entry: Entry): TemplateResult {
    const src = entry.image?.src ?? entry.image?.thumbnail;
    if (entry.image?.isMissing) return message('circle-slash', messages.missing);
    if (src !== undefined)
      return html`<img src=${src} alt=${beginningOf(entry.prompt)} draggable="false" />`;
    if (isUnderWay(entry))
      return message('loading codicon-modifier-spin', progressText(entry, Date.now()));
    return message(
      entry.image ? 'file-media' : 'error',
      entry.image ? messages.elsewhere : (entry.error?.sentence ?? entry.status),
    );
  }

  #side(entry: Entry): TemplateResult {
    return html`<p class="detail-prompt">${entry.prompt}</p>
      ${this.#buttons(entry)}
      ${
        entry.references.length > 0
          ? html`<ol class="detail-references" aria-label=${messages.references}>
              ${entry.references.map(reference)}
            </ol>`
          : nothing
      }
      <dl class="facts">
        ${facts(entry).map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>`;
  }

  #buttons(entry: Entry): TemplateResult {
    const shown = [...captionActions(entry), ...stopActions(entry)];
    return html`<div class="detail-buttons">
      ${shown.map(
        (action) =>
          html`<vscode-button secondary @click=${() => runAction(this.model, entry, action)}
            >${labelOf(this.model, entry, action)}</vscode-button
          >`,
      )}
      ${
        entry.error
          ? html`<vscode-button
              secondary
              @click=${({ currentTarget }: Event) =>
                openWhy(this.model, entry, currentTarget as HTMLElement)}
              >${messages.why}</vscode-button
            >`
          : nothing
      }
      ${iconButton('ellipsis', messages.moreActions, ({ currentTarget }) =>
        openMenu(
          menuOf(this.model, entry).slice(1),
          currentTarget as HTMLElement,
          messages.moreActions,
        ),
      )}
    </div>`;
  }
}
customElements.define('studio-detail', Detail);

function message(name: string, sentence: string): TemplateResult {
  return html`<div class="note">
    ${icon(name)}
    <p>${sentence}</p>
  </div>`;
}

function reference({ label, src }: Reference, index: number): TemplateResult {
  return html`<li title=${label}>
    ${
      src === undefined
        ? html`<span class="reference-symbol" role="img" aria-label=${label}
            >${icon('file-media')}</span
          >`
        : html`<img src=${src} alt=${label} draggable="false" />`
    }
    <span class="tray-number" aria-hidden="true">${index + 1}</span>
  </li>`;
}

function facts(entry: Entry): [name: string, value: string][] {
  const { image, width, height, quality, resolution, model, createdAt, taskId, status } = entry;
  const all: [string, string | undefined][] = [
    [messages.status, isUnderWay(entry) ? progressText(entry, Date.now()) : status],
    [messages.file, image && fill(messages.pair, image.path, formatBytes(locale, image.sizeBytes))],
    [messages.size, fill(messages.pixels, width, height)],
    [messages.resolution, resolution],
    [messages.quality, quality || undefined],
    [messages.model, model],
    [messages.created, formatMoment(locale, createdAt)],
    [messages.cost, entry.credits === undefined ? undefined : creditMessage(entry.credits)],
    [messages.task, taskId],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}
