import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Entry } from '../../../shared/studio/entry.ts';
import {
  faces,
  keepOnly,
  labelOf,
  menuOf,
  runAction,
  stopActions,
} from '../detail/entryActions.ts';
import { captionActions } from '../detail/captionActions.ts';
import { creditMessage } from '../compose/creditMessage.ts';
import { icon, iconButton } from '../controls/icon.ts';
import { cellName, isUnderWay, progressParts, whereabouts } from './jobMessages.ts';
import { openMenu } from '../controls/menu.ts';
import { beginningOf, fill } from '../format.ts';
import { messages } from '../pageMessages.ts';
import type { StudioModel } from '../studioModel.ts';
import { openWhy } from '../detail/whyPopover.ts';

export interface CellView {
  entryKey: number;
  entry: Entry | undefined;
  column: number;
  cellPx: number;
  /** The one that Tab reaches. */
  isCurrent: boolean;
  isSelected: boolean;
  /** Not so while it is only passed by: then its image is not loaded. */
  isDrawn: boolean;
  /** The mouse or the focus is on it. */
  hasCaption: boolean;
}

/** Space between a cell's edge, where focus and selection show, and the image. */
const paddingPx = 6;

/** A job's cell, which has its final place and proportions from the beginning. */
export function cell(model: StudioModel, view: CellView): TemplateResult {
  const { entryKey, entry, column, cellPx, isCurrent, isSelected } = view;
  return html`<div
    class="cell ${entry ? `cell-${entry.state}` : ''}"
    role="gridcell"
    data-key=${entryKey}
    tabindex=${isCurrent ? 0 : -1}
    aria-colindex=${column + 1}
    aria-selected=${isSelected ? 'true' : 'false'}
    aria-label=${label(entry)}
    draggable=${entry?.image && !entry.image.isMissing ? 'true' : 'false'}
    .style=${`width:${String(cellPx)}px;height:${String(cellPx)}px`}
  >
    ${entry ? content(model, entry, view) : unseenImage}
  </div>`;
}

const unseenImage = html`<div class="frame-area placeholder"></div>`;

/** A cell that contains buttons is named by its content. */
function label(entry: Entry | undefined): string | typeof nothing {
  if (!entry) return messages.loading;
  return entry.state === 'saved' || isUnderWay(entry) ? cellName(entry) : nothing;
}

function content(model: StudioModel, entry: Entry, view: CellView): TemplateResult {
  return html`${face(model, entry, view)}
  ${view.hasCaption ? caption(model, entry, view.isCurrent) : nothing}`;
}

function face(model: StudioModel, entry: Entry, { cellPx, isDrawn }: CellView): TemplateResult {
  if (entry.state === 'saved')
    return isDrawn ? savedImage(model, entry, frameStyle(entry, cellPx)) : unseenImage;
  if (!isUnderWay(entry)) return outcome(model, entry);
  return html`<div class="frame-area">
    <div class="job-frame" .style=${frameStyle(entry, cellPx)}>
      <p class="job-status" aria-hidden="true">${jobLines(entry)}</p>
      ${progress(entry)}
    </div>
  </div>`;
}

/** In its proportions, as large as the cell allows. */
function frameStyle({ width, height }: Entry, cellPx: number): string {
  const sidePx = cellPx - 2 * paddingPx;
  const scale = sidePx / Math.max(width, height, 1);
  const side = (px: number): string => `${String(Math.round(px * scale) || sidePx)}px`;
  return `width:${side(width)};height:${side(height)}`;
}

/** A line for each part. CSS shows times, which change each second, so that they are not read aloud. */
function jobLines(entry: Entry): TemplateResult[] {
  const cost = entry.credits === undefined ? [] : [creditMessage(entry.credits)];
  return [...progressParts(entry, Date.now()), ...cost].map((part, at) =>
    at === 0
      ? html`<span class="job-part">${part}</span>`
      : html`<span class="job-part job-time" data-text=${part}></span>`,
  );
}

function progress({ progress: percent, status }: Entry): TemplateResult {
  const isKnown = percent !== undefined && percent > 0;
  return html`<div
    class=${isKnown ? 'progress' : 'progress unknown'}
    role="progressbar"
    aria-label=${status}
    aria-valuemin=${isKnown ? 0 : nothing}
    aria-valuemax=${isKnown ? 100 : nothing}
    aria-valuenow=${isKnown ? Math.round(percent) : nothing}
  >
    <div class="progress-bar" .style=${isKnown ? `width:${String(percent)}%` : ''}></div>
  </div>`;
}

function savedImage(
  model: StudioModel,
  { image, isFavourite }: Entry,
  frame: string,
): TemplateResult {
  const src = image?.thumbnail ?? image?.src;
  if (!image || image.isMissing) return note('circle-slash', messages.missing);
  if (src === undefined) return note('file-media', whereabouts(image) ?? messages.missing);
  if (model.unreadable.has(src)) return note('warning', messages.unreadable);
  return html`<div class="frame-area">
    <div class="image-frame" .style=${frame}>
      <img
        class="cell-image"
        src=${src}
        alt=""
        draggable="false"
        decoding="async"
        @load=${({ currentTarget }: Event) => (currentTarget as HTMLElement).classList.add('shown')}
        @error=${() => model.markUnreadable(src)}
      />
      ${isFavourite ? html`<span class="star">${icon('star-full')}</span>` : nothing}
    </div>
  </div>`;
}

function note(name: string, sentence: string): TemplateResult {
  return html`<div class="frame-area note" aria-hidden="true">
    ${icon(name)}
    <p>${sentence}</p>
  </div>`;
}

/** A job that ended without an image, or that is no longer polled. */
function outcome(model: StudioModel, entry: Entry): TemplateResult {
  const next = captionActions(entry)[0];
  return html`<div class="frame-area note outcome">
    ${icon(entry.state === 'failed' ? 'error' : 'warning')}
    <span class="unseen">${cellName(entry)}</span>
    <p aria-hidden="true">${entry.error?.sentence ?? entry.status}</p>
    <div class="outcome-buttons">
      ${
        entry.error
          ? html`<button
              type="button"
              class="link"
              tabindex="-1"
              aria-haspopup="dialog"
              @click=${({ currentTarget }: Event) =>
                openWhy(model, entry, currentTarget as HTMLElement)}
            >
              ${messages.why}
            </button>`
          : nothing
      }
      ${
        next
          ? html`<button
              type="button"
              class="link"
              tabindex="-1"
              @click=${() => runAction(model, entry, next)}
            >
              ${labelOf(model, entry, next)}
            </button>`
          : nothing
      }
    </div>
  </div>`;
}

/** One line of the prompt, and the buttons for the foremost actions. */
function caption(model: StudioModel, entry: Entry, isReachable: boolean): TemplateResult {
  const shown = entry.state === 'saved' ? captionActions(entry) : stopActions(entry);
  return html`<div class="caption">
    <span class="caption-prompt ellipsis" aria-hidden="true">${beginningOf(entry.prompt)}</span>
    ${keepButton(model, entry, isReachable)}
    ${shown.map((action) =>
      iconButton(
        faces[action].icon,
        labelOf(model, entry, action),
        () => runAction(model, entry, action),
        { isReachable },
      ),
    )}
    ${iconButton('ellipsis', messages.moreActions, (event) => openMore(model, entry, event), {
      isReachable,
    })}
  </div>`;
}

/** One click thins out the variations of a request. */
function keepButton(
  model: StudioModel,
  { key }: Entry,
  isReachable: boolean,
): TemplateResult | typeof nothing {
  const rivals = model.gallery.rivalsOf(key).length;
  if (rivals === 0) return nothing;
  const label = fill(messages.keepThis, rivals);
  return iconButton('check', label, () => keepOnly(model, key), { isReachable });
}

function openMore(model: StudioModel, entry: Entry, { currentTarget }: Event): void {
  openMenu(menuOf(model, entry), currentTarget as HTMLElement, messages.moreActions);
}

/** Which image an element belongs to. */
export function keyAt(target: EventTarget | null): number | undefined {
  const found = target instanceof Element ? target.closest<HTMLElement>('.cell') : null;
  const key = Number(found?.dataset['key']);
  return Number.isInteger(key) && key > 0 ? key : undefined;
}
