import { draggedImages } from '../../../shared/draggedImages.ts';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { keyAt } from './cell.ts';
import { dragOf } from './dragOf.ts';
import { host } from '../host.ts';
import { menuOf } from '../detail/entryActions.ts';
import { moveFrom, movePage } from './galleryLayout.ts';
import type { Layout, Move } from './galleryLayout.ts';
import { openMenu, whenReleased } from '../controls/menu.ts';
import { messages } from '../pageMessages.ts';
import type { StudioModel } from '../studioModel.ts';
import { extendTo, focusOn, selectAll, selectNone, selectOnly, toggle } from './selection.ts';

const arrows: Partial<Record<string, Move>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** The element whose input is handled, and what it shows. */
export interface GalleryHost
  extends ReactiveControllerHost, Pick<HTMLElement, 'addEventListener' | 'contains'> {
  readonly model: StudioModel;
  readonly layout: Layout;
  /** All images, newest first, not only those in the page. */
  readonly keys: readonly number[];
  /** The one that Tab reaches. */
  readonly currentKey: number | undefined;
  readonly rowsInSight: number;
  /** Where a key stands in `keys`; -1 when it is none of them. */
  indexOf: (key: number) => number;
  /** Null while an image is not in the page. */
  cellOf: (key: number) => HTMLElement | null;
  /** Brings an image into sight and gives it the focus. */
  reveal: (key: number) => Promise<void>;
}

/** Mouse and keys in the gallery, which work as in the explorer. */
export class GalleryInput implements ReactiveController {
  /** Whether the focus is in the gallery. */
  isFocused = false;
  /** The image under the mouse. */
  hovered: number | undefined;
  readonly #gallery: GalleryHost;
  #connection = new AbortController();

  constructor(gallery: GalleryHost) {
    this.#gallery = gallery;
    gallery.addController(this);
  }

  hostConnected(): void {
    const gallery = this.#gallery;
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    gallery.addEventListener('click', this.#onClick, { signal });
    gallery.addEventListener('dblclick', this.#onDoubleClick, { signal });
    gallery.addEventListener('contextmenu', this.#onContextMenu, { signal });
    gallery.addEventListener('dragstart', this.#onDragStart, { signal });
    gallery.addEventListener('pointerover', this.#onPointer, { signal });
    gallery.addEventListener('pointerleave', this.#onPointerLeave, { signal });
    gallery.addEventListener('focusin', this.#onFocusIn, { signal });
    gallery.addEventListener('focusout', this.#onFocusOut, { signal });
    gallery.addEventListener('keydown', this.#onKey, { signal });
  }

  hostDisconnected(): void {
    this.#connection.abort();
  }

  readonly #onClick = (event: MouseEvent): void => {
    const key = keyAt(event.target);
    if (key === undefined || isInButton(event)) return;
    const { gallery } = this.#gallery.model;
    const { selection, keys = [] } = gallery;
    if (event.shiftKey) gallery.select(extendTo(selection, keys, key));
    else if (event.ctrlKey || event.metaKey) gallery.select(toggle(selection, key));
    else gallery.select(selectOnly(key));
  };

  readonly #onDoubleClick = (event: MouseEvent): void => {
    const key = keyAt(event.target);
    if (key !== undefined && !isInButton(event)) this.#gallery.model.gallery.open(key);
  };

  readonly #onContextMenu = (event: MouseEvent): void => {
    const key = keyAt(event.target);
    const { model } = this.#gallery;
    const entry = key === undefined ? undefined : model.gallery.entries.get(key);
    const cell = key === undefined ? null : this.#gallery.cellOf(key);
    if (!entry || !cell) return;
    event.preventDefault();
    const { selection } = model.gallery;
    if (!selection.selected.has(entry.key)) model.gallery.select(selectOnly(entry.key));
    // The menu key sends no position.
    const isByMouse = event.clientX !== 0 || event.clientY !== 0;
    const { left, top } = cell.getBoundingClientRect();
    const point = isByMouse ? { x: event.clientX, y: event.clientY } : { x: left + 8, y: top + 8 };
    whenReleased(event, () => openMenu(menuOf(model, entry), cell, messages.moreActions, point));
  };

  /** Images of the gallery can be dropped on the references, and into a text. */
  readonly #onDragStart = (event: DragEvent): void => {
    const key = keyAt(event.target);
    const { gallery } = this.#gallery.model;
    if (key === undefined) return;
    const { uris, leftOut, unknown } = dragOf(gallery.concerned(key), gallery.entries);
    gallery.need(unknown);
    if (leftOut) host.post({ kind: 'leftOutOfDrag', reason: leftOut });
    // Not as addresses that all programs know: what the editor itself does with those would come first.
    if (uris.length > 0) event.dataTransfer?.setData(draggedImages, uris.join('\r\n'));
    else event.preventDefault();
  };

  readonly #onPointer = (event: PointerEvent): void => this.#hover(keyAt(event.target));

  readonly #onPointerLeave = (): void => this.#hover(undefined);

  readonly #onFocusIn = (event: FocusEvent): void => {
    const key = keyAt(event.target);
    const { gallery } = this.#gallery.model;
    this.isFocused = true;
    if (key !== undefined && key !== gallery.selection.focus)
      gallery.select(focusOn(gallery.selection, key));
    else this.#gallery.requestUpdate();
  };

  readonly #onFocusOut = ({ relatedTarget }: FocusEvent): void => {
    this.isFocused = relatedTarget instanceof Node && this.#gallery.contains(relatedTarget);
    this.#gallery.requestUpdate();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const { model, currentKey } = this.#gallery;
    if (currentKey === undefined || event.defaultPrevented) return;
    const hasCommand = event.ctrlKey || event.metaKey;
    // A button of the cell has its own Enter and Space.
    if (isInButton(event) && (event.key === 'Enter' || event.key === ' ')) return;
    const index = this.#gallery.indexOf(currentKey);
    const target = this.#targetOf(event, index, hasCommand);
    if (target !== undefined) this.#go(target, event.shiftKey);
    else if (!this.#command(event, currentKey, hasCommand)) return;
    event.preventDefault();
    // The editor would also select the whole page, or undo typing.
    if (hasCommand) event.stopPropagation();
    if (event.key === 'Escape') model.gallery.select(selectNone(model.gallery.selection));
  };

  /** @returns whether the key was handled. */
  #command({ key, shiftKey }: KeyboardEvent, current: number, hasCommand: boolean): boolean {
    const { model } = this.#gallery;
    const { gallery } = model;
    const letter = key.toLowerCase();
    if (key === 'Enter') gallery.open(current);
    else if (key === ' ') gallery.select(toggle(gallery.selection, current));
    else if (key === 'Delete' || (key === 'Backspace' && hasCommand)) gallery.deleteAt(current);
    else if (hasCommand && letter === 'a')
      gallery.select(selectAll(gallery.selection, this.#gallery.keys));
    else if (hasCommand && letter === 'z' && !shiftKey && model.deleted) model.undoDelete();
    else return key === 'Escape' && gallery.selection.selected.size > 0;
    return true;
  }

  #targetOf(event: KeyboardEvent, index: number, hasCommand: boolean): number | undefined {
    const { layout, keys, rowsInSight } = this.#gallery;
    const { rows } = layout;
    const move = arrows[event.key];
    if (move) return moveFrom(rows, keys.length, index, move);
    if (event.key === 'Home')
      return moveFrom(rows, keys.length, index, hasCommand ? 'start' : 'rowStart');
    if (event.key === 'End')
      return moveFrom(rows, keys.length, index, hasCommand ? 'end' : 'rowEnd');
    if (event.key === 'PageUp') return movePage(rows, keys.length, index, rowsInSight, 'up');
    if (event.key === 'PageDown') return movePage(rows, keys.length, index, rowsInSight, 'down');
    return undefined;
  }

  #go(index: number, extends_: boolean): void {
    const { model, keys } = this.#gallery;
    const key = keys[index];
    if (key === undefined) return;
    const { selection } = model.gallery;
    model.gallery.select(extends_ ? extendTo(selection, keys, key) : focusOn(selection, key));
    void this.#gallery.reveal(key);
  }

  #hover(key: number | undefined): void {
    if (this.hovered === key) return;
    this.hovered = key;
    this.#gallery.requestUpdate();
  }
}

function isInButton({ target }: Event): boolean {
  return target instanceof Element && target.closest('button') !== null;
}
