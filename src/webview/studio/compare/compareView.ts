import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Entry } from '../../../shared/studio/entry.ts';
import { icon, iconButton } from '../controls/icon.ts';
import { beginningOf, fill, splitName } from '../format.ts';
import { StudioGallery } from '../gallery/gallery.ts';
import { messages } from '../pageMessages.ts';
import { focusInPage } from '../pageFocus.ts';
import { StudioElement } from '../studioElement.ts';
import { paneColumns } from './paneColumns.ts';
import { moved, wholeImage, zoomed, zoomStep } from './zoom.ts';
import type { View } from './zoom.ts';

/** An image beside others: one of the gallery, or the source of an edit. */
interface Pane {
  /** Absent for a source, which is not the gallery's to keep or to discard. */
  key?: number;
  src: string | undefined;
  label: string;
  entry?: Entry;
}

const paneHeadPx = 32;
const panStep = 0.1;

/** Images side by side, or one over another, with one zoom; each can be kept or discarded. */
class CompareView extends StudioElement {
  #view: View = wholeImage;
  #isSwiping = false;
  /** How much of the width shows the first image while they lie over each other, in percent. */
  #split = 50;
  #active = 0;
  #wasOpen = false;
  #dragFrom: { x: number; y: number } | undefined;
  readonly #resize = new ResizeObserver(() => this.requestUpdate());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize.observe(document.body);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.model.gallery.compared) return nothing;
    const panes = this.#panes();
    const isSwiping = this.#isSwiping && panes.length === 2;
    return html`<section
      class="detail compare"
      role="dialog"
      aria-label=${fill(messages.compareMany, panes.length)}
      tabindex="-1"
      @keydown=${(event: KeyboardEvent) => this.#onKey(event)}
    >
      <header class="detail-head">
        ${iconButton('arrow-left', messages.back, () => this.#close())}
        <span class="quiet ellipsis compare-hint">${messages.compareKeys}</span>
        ${
          panes.length === 2
            ? iconButton('split-horizontal', messages.swipe, () => this.#swipe(), {
                isPressed: isSwiping,
              })
            : nothing
        }
        ${iconButton('zoom-out', messages.zoomOut, () => this.#zoom(1 / zoomStep))}
        ${iconButton('zoom-in', messages.zoomIn, () => this.#zoom(zoomStep))}
        ${iconButton('screen-normal', messages.zoomReset, () => this.#show(wholeImage))}
      </header>
      ${isSwiping ? this.#swiped(panes) : this.#beside(panes)}
    </section>`;
  }

  override updated(): void {
    const { gallery } = this.model;
    if (!gallery.compared) {
      this.#wasOpen = false;
      return;
    }
    gallery.need(gallery.compared.keys);
    if (this.#wasOpen) {
      // What is left alone is compared with nothing.
      if (this.#panes().length < 2) this.#close();
      return;
    }
    this.#wasOpen = true;
    this.#view = wholeImage;
    this.#isSwiping = false;
    this.#active = 0;
    focusInPage(this.#paneElement(0) ?? this.querySelector<HTMLElement>('.compare'));
    this.requestUpdate();
  }

  #panes(): Pane[] {
    const { compared, entries, keys = [] } = this.model.gallery;
    if (!compared) return [];
    const { source } = compared;
    const there = new Set(keys);
    const images = compared.keys
      .filter((key) => there.has(key))
      .map((key): Pane => {
        const entry = entries.get(key);
        const image = entry?.image;
        const label = image?.path.split(/[\\/]/).at(-1) ?? beginningOf(entry?.prompt ?? '');
        return { key, src: image?.src ?? image?.thumbnail, label, ...(entry && { entry }) };
      });
    return source ? [{ src: source.src, label: source.label }, ...images] : images;
  }

  // ---- What is shown

  #beside(panes: Pane[]): TemplateResult {
    const first = panes.find(({ entry }) => entry)?.entry;
    const box = this.querySelector('.panes')?.getBoundingClientRect();
    const room = box ?? { width: window.innerWidth, height: window.innerHeight - 60 };
    const columns = paneColumns(panes.length, room, first ?? { width: 1, height: 1 }, paneHeadPx);
    return html`<div
      class="panes"
      .style=${`grid-template-columns:repeat(${String(columns)},minmax(0,1fr))`}
    >
      ${panes.map(
        (pane, index) =>
          html`<div
            class="pane"
            role="group"
            tabindex="0"
            aria-label=${fill(messages.comparedName, index + 1, panes.length, pane.label)}
            @focusin=${() => this.#activate(index)}
          >
            ${this.#paneHead(pane, panes)}
            <div
              class="pane-image"
              @wheel=${(event: WheelEvent) => this.#onWheel(event)}
              @dblclick=${(event: MouseEvent) => this.#onDoubleClick(event)}
              @pointerdown=${(event: PointerEvent) => this.#onDown(event)}
              @pointermove=${(event: PointerEvent) => this.#onMove(event)}
              @pointerup=${() => (this.#dragFrom = undefined)}
            >
              ${this.#image(pane)}
            </div>
          </div>`,
      )}
    </div>`;
  }

  #swiped(panes: Pane[]): TemplateResult {
    const [one, two] = panes;
    if (!one || !two) return html``;
    const clip = `clip-path:inset(0 0 0 ${String(this.#split)}%)`;
    return html`<div class="swiped">
      <div class="swiped-heads">
        ${panes.map(
          (pane, index) =>
            html`<div
              class="pane"
              role="group"
              tabindex="0"
              aria-label=${fill(messages.comparedName, index + 1, panes.length, pane.label)}
              @focusin=${() => this.#activate(index)}
            >
              ${this.#paneHead(pane, panes)}
            </div>`,
        )}
      </div>
      <div
        class="pane-image"
        @wheel=${(event: WheelEvent) => this.#onWheel(event)}
        @dblclick=${(event: MouseEvent) => this.#onDoubleClick(event)}
      >
        ${this.#image(one)}
        <div class="swiped-over" .style=${clip}>${this.#image(two)}</div>
        <div class="swiped-line" .style=${`left:${String(this.#split)}%`}></div>
        <input
          class="swiped-range"
          type="range"
          min="0"
          max="100"
          aria-label=${fill(messages.swipeShare, one.label, two.label)}
          .value=${String(this.#split)}
          @input=${({ target }: InputEvent) => {
            this.#split = (target as HTMLInputElement).valueAsNumber;
            this.requestUpdate();
          }}
        />
      </div>
    </div>`;
  }

  #image({ src, label }: Pane): TemplateResult {
    const { scale, x, y } = this.#view;
    const style = `transform:translate(${String(x * 100)}%,${String(y * 100)}%) scale(${String(scale)})`;
    if (src === undefined)
      return html`<div class="note">
        ${icon('file-media')}
        <p>${messages.elsewhere}</p>
      </div>`;
    return html`<img src=${src} alt=${label} draggable="false" .style=${style} />`;
  }

  #paneHead(pane: Pane, panes: Pane[]): TemplateResult {
    const { key, label } = pane;
    const others = this.#rivals(panes, key);
    const [begin, end] = splitName(beginningOf(label));
    return html`<div class="pane-head">
      <span class="pane-name quiet" title=${label}
        ><span class="ellipsis">${begin}</span><span>${end}</span></span
      >
      ${key === undefined ? html`<span class="quiet">${messages.source}</span>` : nothing}
      ${
        key === undefined
          ? nothing
          : html`<button
              type="button"
              class="chip pane-button"
              title=${messages.keepTitle}
              @click=${() => this.#keep(key)}
            >
              ${icon('check')}<span
                >${others.length > 0 ? fill(messages.keepThis, others.length) : messages.keep}</span
              >
            </button>`
      }
      ${
        key === undefined || !this.model.gallery.canDiscard(key)
          ? nothing
          : iconButton('trash', messages.discard, () => this.#discard(key))
      }
    </div>`;
  }

  /** What goes when this one is kept. */
  #rivals(panes: Pane[], kept: number | undefined): number[] {
    const others = panes.flatMap(({ key }) => (key === undefined || key === kept ? [] : [key]));
    return this.model.gallery.replaceable(others);
  }

  // ---- What is done

  #keep(key: number): void {
    this.model.gallery.discard(this.#rivals(this.#panes(), key));
    this.#close(key);
  }

  #discard(key: number): void {
    this.model.gallery.discard([key]);
    // The button goes with its image.
    this.#focus(Math.max(0, this.#active - 1));
  }

  #close(shown = this.#panes()[this.#active]?.key): void {
    this.model.gallery.compareNothing();
    const gallery = document.querySelector('studio-gallery');
    const { focus } = this.model.gallery.selection;
    const key = shown ?? focus;
    if (gallery instanceof StudioGallery && key !== undefined)
      void this.updateComplete.then(() => gallery.reveal(key));
  }

  #activate(index: number): void {
    this.#active = index;
  }

  #swipe(): void {
    this.#isSwiping = !this.#isSwiping;
    this.requestUpdate();
  }

  #show(view: View): void {
    this.#view = view;
    this.requestUpdate();
  }

  #zoom(factor: number, at = { x: 0, y: 0 }): void {
    this.#show(zoomed(this.#view, factor, at));
  }

  #paneElement(index: number): HTMLElement | undefined {
    return this.querySelectorAll<HTMLElement>('.pane')[index];
  }

  #focus(index: number): void {
    this.#paneElement(index)?.focus({ preventScroll: true });
  }

  #onKey(event: KeyboardEvent): void {
    const { key, shiftKey } = event;
    const hasCommand = event.ctrlKey || event.metaKey;
    if (event.defaultPrevented || event.altKey) return;
    if (hasCommand) {
      if (key.toLowerCase() !== 'z' || shiftKey || !this.model.deleted) return;
      this.model.undoDelete();
      event.stopPropagation();
    } else if (!this.#command(event)) return;
    event.preventDefault();
  }

  /** @returns whether the key was handled. */
  #command({ key, shiftKey, target }: KeyboardEvent): boolean {
    const panes = this.#panes();
    const active = panes[this.#active];
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    const pan = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[
      key
    ] as [number, number] | undefined;
    if (target instanceof HTMLInputElement && pan) return false;
    if (key === 'Escape') this.#close();
    else if (pan && (shiftKey || step === undefined))
      this.#show(moved(this.#view, { x: pan[0] * panStep, y: pan[1] * panStep }));
    else if (step !== undefined)
      this.#focus(Math.max(0, Math.min(panes.length - 1, this.#active + step)));
    else if (key === '+' || key === '=') this.#zoom(zoomStep);
    else if (key === '-') this.#zoom(1 / zoomStep);
    else if (key === '0') this.#show(wholeImage);
    else if (key.toLowerCase() === 's' && panes.length === 2) this.#swipe();
    else if (key.toLowerCase() === 'k' && active?.key !== undefined) this.#keep(active.key);
    else if (key === 'Delete' && active?.key !== undefined) {
      if (this.model.gallery.canDiscard(active.key)) this.#discard(active.key);
    } else return false;
    return true;
  }

  #onWheel(event: WheelEvent): void {
    event.preventDefault();
    this.#zoom(event.deltaY < 0 ? zoomStep : 1 / zoomStep, placeIn(event));
  }

  #onDoubleClick(event: MouseEvent): void {
    if (this.#view.scale > 1) this.#show(wholeImage);
    else this.#zoom(zoomStep ** 3, placeIn(event));
  }

  #onDown(event: PointerEvent): void {
    if (event.button !== 0 || this.#view.scale === 1) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#dragFrom = placeIn(event);
  }

  #onMove(event: PointerEvent): void {
    if (!this.#dragFrom) return;
    const at = placeIn(event);
    this.#show(moved(this.#view, { x: at.x - this.#dragFrom.x, y: at.y - this.#dragFrom.y }));
    this.#dragFrom = at;
  }
}
customElements.define('studio-compare', CompareView);

/** Where a pointer is in its pane, from the middle, in parts of its size. */
function placeIn({ clientX, clientY, currentTarget }: MouseEvent): { x: number; y: number } {
  const { left, top, width, height } = (currentTarget as HTMLElement).getBoundingClientRect();
  return { x: (clientX - left) / width - 0.5, y: (clientY - top) / height - 0.5 };
}
