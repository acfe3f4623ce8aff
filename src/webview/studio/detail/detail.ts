import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { Entry, Reference } from '../../../shared/studioProtocol.ts';
import { captionActions, faces, menuOf, runAction, stopActions } from './entryActions.ts';
import { fill, formatBytes, formatMoment, formatNumber } from '../format.ts';
import { StudioGallery } from '../gallery/gallery.ts';
import { creditWords } from '../compose/creditMessage.ts';
import { icon, iconButton } from '../controls/icon.ts';
import { isTicking, isUnderWay, progressWords } from '../gallery/jobMessages.ts';
import { openMenu } from '../controls/menu.ts';
import { locale, words } from '../pageMessages.ts';
import { StudioElement } from '../studioElement.ts';
import { openWhy } from './whyPopover.ts';

/** One picture large, and how it was made. */
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
      aria-label=${words.detail}
      tabindex="-1"
      @keydown=${(event: KeyboardEvent) => this.#onKey(event)}
    >
      ${this.#head(openKey)}
      ${
        entry
          ? html`<div class="detail-body">
              <div class="detail-picture">${this.#picture(entry)}</div>
              <div class="detail-side" tabindex="0" role="group" aria-label=${words.prompt}>
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
      if (this.#shown === undefined) this.querySelector<HTMLElement>('.detail')?.focus();
    } else if (this.#shown !== undefined) this.#backToGallery(this.#shown);
    this.#shown = openKey;
  }

  /** To the picture that was shown last; the gallery stays where it is if that is in sight. */
  #backToGallery(shown: number): void {
    const gallery = document.querySelector('studio-gallery');
    if (gallery instanceof StudioGallery && document.activeElement === document.body)
      void gallery.reveal(this.model.gallery.selection.focus ?? shown);
  }

  #head(openKey: number): TemplateResult {
    const { keys = [] } = this.model.gallery;
    const at = keys.indexOf(openKey);
    return html`<header class="detail-head">
      ${iconButton('arrow-left', words.back, () => this.model.gallery.close())}
      <span class="quiet"
        >${fill(words.position, formatNumber(locale, at + 1), formatNumber(locale, keys.length))}</span
      >
      ${iconButton('chevron-left', words.previous, () => this.#step(-1))}
      ${iconButton('chevron-right', words.next, () => this.#step(1))}
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

  #picture(entry: Entry): TemplateResult {
    const src = entry.image?.src ?? entry.image?.thumbnail;
    if (entry.image?.isMissing) return message('circle-slash', words.missing);
    if (src !== undefined) return html`<img src=${src} alt=${entry.prompt} draggable="false" />`;
    if (isUnderWay(entry))
      return message('loading codicon-modifier-spin', progressWords(entry, Date.now()));
    return message(
      entry.image ? 'file-media' : 'error',
      entry.image ? words.elsewhere : (entry.error?.sentence ?? entry.status),
    );
  }

  #side(entry: Entry): TemplateResult {
    return html`<p class="detail-prompt">${entry.prompt}</p>
      ${this.#buttons(entry)}
      ${
        entry.references.length > 0
          ? html`<ol class="detail-references" aria-label=${words.references}>
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
            >${faces[action].label}</vscode-button
          >`,
      )}
      ${
        entry.error
          ? html`<vscode-button
              secondary
              @click=${({ currentTarget }: Event) =>
                openWhy(this.model, entry, currentTarget as HTMLElement)}
              >${words.why}</vscode-button
            >`
          : nothing
      }
      ${iconButton('ellipsis', words.moreActions, ({ currentTarget }) =>
        openMenu(
          menuOf(this.model, entry).slice(1),
          currentTarget as HTMLElement,
          words.moreActions,
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
  const { image, width, height, quality, model, createdAt, taskId, status } = entry;
  const all: [string, string | undefined][] = [
    [words.status, isUnderWay(entry) ? progressWords(entry, Date.now()) : status],
    [words.file, image && fill(words.pair, image.path, formatBytes(locale, image.sizeBytes))],
    [words.size, fill(words.pixels, width, height)],
    [words.quality, quality],
    [words.model, model],
    [words.created, formatMoment(locale, createdAt)],
    [words.cost, entry.credits === undefined ? undefined : creditWords(entry.credits)],
    [words.task, taskId],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}
