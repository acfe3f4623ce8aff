import { VirtualizerController, defaultRangeExtractor } from '@tanstack/lit-virtual';
import type { Range, VirtualItem } from '@tanstack/lit-virtual';
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Filter } from '../../../shared/studio/entry.ts';
import { cell, keyAt } from './cell.ts';
import { examples, keyCard, noHits } from './firstRun.ts';
import { fill, formatDay, startOfDay } from '../format.ts';
import { gapPx, layOut, rowOfIndex, rowPx } from './galleryLayout.ts';
import type { Layout, Mark, Row, Variations } from './galleryLayout.ts';
import { GalleryInput } from './galleryInput.ts';
import { isNarrowed } from './galleryModel.ts';
import { isTicking } from './jobMessages.ts';
import { focusInPage } from '../pageFocus.ts';
import { locale, messages } from '../pageMessages.ts';
import { ScrollPace } from './scrollPace.ts';
import { StudioElement } from '../studioElement.ts';
import { ThumbnailMaker } from './thumbnails.ts';

const overscanRows = 3;
const saveAnchorAfterMs = 100;

/** All images, newest first; only those in sight are in the page. */
export class StudioGallery extends StudioElement {
  layout: Layout = { rows: [], columns: 1, cellPx: 160 };
  readonly #input = new GalleryInput(this);
  readonly #thumbnails = new ThumbnailMaker();
  readonly #resize = new ResizeObserver(() => this.#measure());
  readonly #virtual = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    getScrollElement: () => this.scroller,
    estimateSize: (index) => this.#rowPx(index),
    rangeExtractor: (range) => this.#rowsInPage(range),
    getItemKey: (index) => this.#rowKey(index),
    overscan: overscanRows,
  });
  #widthPx = 0;
  #marginPx = 0;
  #laidOut: { createdAt: readonly number[]; widthPx: number } | undefined;
  #filter: Filter | undefined;
  #lostFocusOf: number | undefined;
  #anchorTimer: number | undefined;
  #tickTimer: number | undefined;
  #isRestoring = false;
  readonly #pace = new ScrollPace(() => this.requestUpdate());
  /** The images that are in the page, or come into it. */
  #drawn: ReadonlySet<number> = new Set();

  get scroller(): HTMLElement | null {
    return this.closest<HTMLElement>('.gallery-pane');
  }

  get keys(): readonly number[] {
    return this.model.gallery.keys ?? [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize.observe(this);
    for (const sibling of this.parentElement?.children ?? []) this.#resize.observe(sibling);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
    clearTimeout(this.#tickTimer);
    this.#pace.stop();
  }

  override willUpdate(_: PropertyValues): void {
    const active = document.activeElement;
    this.#lostFocusOf = active && this.contains(active) ? keyAt(active) : undefined;
    const { createdAt } = this.model.gallery;
    const widthPx = this.#widthPx;
    if (widthPx === 0 || !this.model.gallery.keys || !this.model.state) return;
    if (this.#laidOut?.createdAt === createdAt && this.#laidOut.widthPx === widthPx) return;
    this.layout = layOut(createdAt, widthPx);
    this.#laidOut = { createdAt, widthPx };
    this.#isRestoring = true;
  }

  override render(): TemplateResult {
    const { state, gallery } = this.model;
    if (!state || !gallery.keys) return html``;
    if (gallery.keys.length > 0) return this.#grid();
    if (isNarrowed(gallery.filter)) return noHits(this.model);
    return state.hasKey ? examples(this.model) : keyCard();
  }

  #grid(): TemplateResult {
    const { rows, columns } = this.layout;
    const virtualizer = this.#virtual.getVirtualizer();
    this.#pace.note(virtualizer.scrollOffset ?? 0, this.scroller?.clientHeight ?? 0);
    virtualizer.setOptions({
      ...virtualizer.options,
      count: rows.length,
      scrollMargin: this.#marginPx,
      overscan: this.#pace.isFast ? 0 : overscanRows,
    });
    if (this.#isRestoring) virtualizer.measure();
    const items = virtualizer.getVirtualItems();
    this.#drawn = this.#drawnOf(items);
    return html`<div
      class="grid"
      role="grid"
      aria-label=${messages.gallery}
      aria-multiselectable="true"
      aria-rowcount=${rows.length}
      aria-colcount=${columns}
      .style=${`height:${String(virtualizer.getTotalSize())}px`}
    >
      ${repeat(
        items,
        ({ key }) => key,
        (item) => this.#row(item),
      )}
    </div>`;
  }

  /** What is only passed by is not loaded; what is there stays. */
  #drawnOf(items: readonly VirtualItem[]): ReadonlySet<number> {
    const keys = this.#keysOf(items);
    return new Set(this.#pace.isFast ? keys.filter((key) => this.#drawn.has(key)) : keys);
  }

  #row({ index, start }: VirtualItem): TemplateResult {
    const row = this.layout.rows[index];
    if (!row) return html``;
    const style = `transform:translateY(${String(start - this.#marginPx)}px)`;
    const keys = this.keys.slice(row.first, row.first + row.count);
    const isMarked = row.marks.length > 0;
    return html`<div
      class=${isMarked ? 'row marked' : 'row'}
      role="row"
      aria-rowindex=${index + 1}
      .style=${style}
    >
      ${row.marks.map((mark, at) => this.#mark(row, mark, row.marks[at + 1]?.column))}
      ${row.lines.map(
        ({ column, count }) =>
          html`<div
            class="variations-line"
            aria-hidden="true"
            .style=${this.#across(column, count)}
          ></div>`,
      )}
      ${repeat(
        keys,
        (key) => key,
        (key, column) => this.#cell(key, column),
      )}
    </div>`;
  }

  /** The day or the variations that begin with an image, above it. */
  #mark(row: Row, { column, day, variations }: Mark, next = row.count): TemplateResult {
    return html`<div class="mark" role="rowheader" .style=${this.#across(column, next - column)}>
      ${
        day === undefined
          ? nothing
          : html`<span class="ellipsis">${formatDay(locale, day, Date.now(), messages)}</span>`
      }
      ${
        variations
          ? html`<button
              type="button"
              class="link ellipsis"
              tabindex="-1"
              title=${fill(messages.compareMany, variations.count)}
              @click=${() => this.#compare(variations)}
            >
              ${fill(messages.variations, variations.count)}
            </button>`
          : nothing
      }
    </div>`;
  }

  #compare({ first, count }: Variations): void {
    this.model.gallery.compare(this.keys.slice(first, first + count));
  }

  #across(column: number, count: number): string {
    const stepPx = this.layout.cellPx + gapPx;
    return `left:${String(column * stepPx)}px;width:${String(count * stepPx - gapPx)}px`;
  }

  #cell(entryKey: number, column: number): TemplateResult {
    const { entries, selection } = this.model.gallery;
    return cell(this.model, {
      entryKey,
      entry: entries.get(entryKey),
      column,
      cellPx: this.layout.cellPx,
      isCurrent: entryKey === this.currentKey,
      isSelected: selection.selected.has(entryKey),
      isDrawn: this.#drawn.has(entryKey),
      hasCaption:
        entryKey === this.#input.hovered || (this.#input.isFocused && entryKey === this.currentKey),
    });
  }

  override updated(): void {
    if (this.#isRestoring) this.#restoreScroll();
    else this.#rememberAnchor();
    this.#keepFocus();
    this.#serveVisible();
  }

  /** The one that Tab reaches. */
  get currentKey(): number | undefined {
    const { focus } = this.model.gallery.selection;
    return focus !== undefined && this.#rowOf(focus) !== -1 ? focus : this.keys[0];
  }

  /** By binary search: newer images have greater keys. */
  indexOf(key: number): number {
    const { keys } = this;
    let low = 0;
    let high = keys.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const at = keys[middle] ?? 0;
      if (at === key) return middle;
      if (at > key) low = middle + 1;
      else high = middle - 1;
    }
    return keys.indexOf(key);
  }

  #rowOf(key: number): number {
    const index = this.indexOf(key);
    return index === -1 ? -1 : rowOfIndex(this.layout.rows, index);
  }

  /** Brings an image into sight, if it is not, and gives it the focus. */
  async reveal(key: number): Promise<void> {
    await this.updateComplete;
    const { scroller } = this;
    const place = this.#placeOf(this.#rowOf(key));
    if (!scroller || !place) return;
    const headPx = this.#headPx();
    const top = scroller.scrollTop;
    if (place.start - headPx < top) scroller.scrollTop = place.start - headPx - gapPx;
    else if (place.end > top + scroller.clientHeight)
      scroller.scrollTop = place.end - scroller.clientHeight + gapPx;
    this.requestUpdate();
    await this.updateComplete;
    this.cellOf(key)?.focus({ preventScroll: true });
  }

  /** Shows the first images, with what is above them where there is room for both. */
  scrollToStart(): void {
    const { scroller } = this;
    const first = this.#placeOf(0);
    if (!scroller) return;
    const isInSight = !first || first.end <= scroller.clientHeight;
    scroller.scrollTop = isInSight ? 0 : this.#marginPx - this.#headPx();
  }

  cellOf(key: number): HTMLElement | null {
    return this.querySelector<HTMLElement>(`.cell[data-key="${String(key)}"]`);
  }

  get rowsInSight(): number {
    return Math.floor((this.scroller?.clientHeight ?? 0) / (this.layout.cellPx + gapPx));
  }

  #placeOf(row: number): VirtualItem | undefined {
    return this.#virtual.getVirtualizer().measurementsCache[row];
  }

  #rowPx(index: number): number {
    const row = this.layout.rows[index];
    return row ? rowPx(row, this.layout) : 0;
  }

  /** What stays above the images when they are scrolled. */
  #headPx(): number {
    return this.parentElement?.querySelector<HTMLElement>('studio-gallery-head')?.offsetHeight ?? 0;
  }

  #rowKey(index: number): string {
    const row = this.layout.rows[index];
    return `row ${String(row ? (this.keys[row.first] ?? index) : index)}`;
  }

  /** Rows in sight, and the row of the image that Tab reaches. */
  #rowsInPage(range: Range): number[] {
    const rows = defaultRangeExtractor(range);
    const current = this.currentKey;
    const at = current === undefined ? -1 : this.#rowOf(current);
    if (at === -1 || rows.includes(at)) return rows;
    return at < (rows[0] ?? 0) ? [at, ...rows] : [...rows, at];
  }

  #measure(): void {
    const { scroller } = this;
    if (!scroller) return;
    const above = this.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    const marginPx = Math.round(above + scroller.scrollTop);
    const widthPx = Math.floor(this.clientWidth);
    if (marginPx === this.#marginPx && widthPx === this.#widthPx) return;
    // The gallery keeps its place when what is above it changes its height.
    this.#isRestoring ||= this.#laidOut !== undefined;
    this.#marginPx = marginPx;
    this.#widthPx = widthPx;
    this.requestUpdate();
  }

  /** Keeps the image at the upper edge in place when images come or go, or the width changes. */
  #restoreScroll(): void {
    this.#isRestoring = false;
    const { scroller, model } = this;
    const { filter } = model.gallery;
    const isOtherFilter = this.#filter !== undefined && this.#filter !== filter;
    this.#filter = filter;
    if (!scroller) return;
    if (isOtherFilter || model.gallery.takeFollowing()) {
      this.scrollToStart();
      return;
    }
    const place = model.anchor && this.#placeOf(this.#rowOf(model.anchor.key));
    if (place && model.anchor) scroller.scrollTop = place.start - model.anchor.offsetPx;
  }

  /** Gives the focus back to the gallery when an update removed the focused cell. */
  #keepFocus(): void {
    if (this.#lostFocusOf === undefined || document.activeElement !== document.body) return;
    const key = this.currentKey;
    if (key !== undefined) focusInPage(this.cellOf(key));
  }

  #serveVisible(): void {
    clearTimeout(this.#tickTimer);
    if (this.#pace.isFast) return;
    const { gallery } = this.model;
    const items = this.#virtual.getVirtualizer().getVirtualItems();
    const keys = this.#keysOf(items);
    gallery.need(keys);
    const [first, last] = [items[0], items.at(-1)].map(
      (item) => this.layout.rows[item?.index ?? 0],
    );
    gallery.forgetFar(first?.first ?? 0, (last?.first ?? 0) + (last?.count ?? 0));
    const known = keys.flatMap((key) => gallery.entries.get(key) ?? []);
    this.#thumbnails.request(known);
    if (known.some(isTicking))
      this.#tickTimer = window.setTimeout(() => this.requestUpdate(), 1000);
  }

  #keysOf(items: readonly VirtualItem[]): number[] {
    return items.flatMap(({ index }) => {
      const row = this.layout.rows[index];
      return row ? this.keys.slice(row.first, row.first + row.count) : [];
    });
  }

  #rememberAnchor(): void {
    if (!this.#laidOut) return;
    const items = this.#virtual.getVirtualizer().getVirtualItems();
    const top = this.scroller?.scrollTop ?? 0;
    const at = items.find(({ end }) => end > top + this.#headPx());
    const first = at && this.layout.rows[at.index]?.first;
    const key = first === undefined ? undefined : this.keys[first];
    // Without an anchor, a gallery at its beginning shows new images as they come.
    const isScrolled =
      top > Math.max(0, this.#marginPx - this.#headPx()) && at !== undefined && key !== undefined;
    this.model.anchor = isScrolled ? { key, offsetPx: at.start - top } : undefined;
    this.model.gallery.look({
      isAtStart: !isScrolled,
      day: first === undefined ? undefined : startOfDay(this.model.gallery.createdAt[first] ?? 0),
    });
    clearTimeout(this.#anchorTimer);
    this.#anchorTimer = window.setTimeout(() => this.model.save(), saveAnchorAfterMs);
  }
}
customElements.define('studio-gallery', StudioGallery);
