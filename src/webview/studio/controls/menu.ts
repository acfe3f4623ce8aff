import { html, nothing, render } from 'lit';
import { fill } from '../format.ts';
import { icon } from './icon.ts';

export interface MenuItem {
  label: string;
  icon?: string;
  /** Shown in the place of an icon. */
  face?: unknown;
  /** Of one of several choices. */
  isChosen?: boolean;
  run: () => void;
}

const edgePx = 4;

/** Opens a menu at a button, or at a point; closing it gives the focus back. */
export function openMenu(
  items: MenuItem[],
  opener: HTMLElement,
  label: string,
  point?: { x: number; y: number },
): void {
  const menu = document.createElement('div');
  menu.className = 'menu';
  menu.popover = 'auto';
  menu.role = 'menu';
  menu.ariaLabel = fill(label);
  const choose = (item: MenuItem): void => {
    menu.hidePopover();
    item.run();
  };
  render(
    items.map(
      (item) =>
        html`<button
          type="button"
          role=${item.isChosen === undefined ? 'menuitem' : 'menuitemradio'}
          aria-checked=${item.isChosen === undefined ? nothing : String(item.isChosen)}
          tabindex="-1"
          @click=${() => choose(item)}
        >
          ${item.isChosen === undefined ? '' : icon(item.isChosen ? 'check' : 'blank')}
          ${item.face ?? ''}${item.icon === undefined ? '' : icon(item.icon)}
          <span>${item.label}</span>
        </button>`,
    ),
    menu,
  );
  menu.addEventListener('keydown', (event) => onKey(event, menu));
  menu.addEventListener('toggle', (event) => {
    if (event.newState === 'closed') leave(menu, opener);
  });
  landmark().append(menu);
  menu.showPopover();
  place(menu, point ?? below(opener));
  const items_ = itemsOf(menu);
  (items_.find((item) => item.ariaChecked === 'true') ?? items_[0])?.focus();
}

/**
 * Runs when the mouse button is released. Linux and macOS open context menus while it is down, and
 * releasing it would close a menu opened before.
 */
export function whenReleased({ buttons }: MouseEvent, work: () => void): void {
  if (buttons === 0) work();
  else window.addEventListener('pointerup', () => setTimeout(work), { once: true, capture: true });
}

function leave(menu: HTMLElement, opener: HTMLElement): void {
  const hadFocus =
    menu.contains(document.activeElement) || document.activeElement === document.body;
  menu.remove();
  if (hadFocus && opener.isConnected) opener.focus();
}

/** The parent of menus and popovers, so that they are inside the main landmark. */
export function landmark(): HTMLElement {
  return document.querySelector('main') ?? document.body;
}

function below(opener: HTMLElement): { x: number; y: number } {
  const { left, bottom } = opener.getBoundingClientRect();
  return { x: left, y: bottom + 2 };
}

/** Positions an element at a point, but inside the window. */
export function place(element: HTMLElement, { x, y }: { x: number; y: number }): void {
  const { width, height } = element.getBoundingClientRect();
  const left = Math.max(edgePx, Math.min(x, window.innerWidth - width - edgePx));
  const top = Math.max(edgePx, Math.min(y, window.innerHeight - height - edgePx));
  element.style.left = `${String(left)}px`;
  element.style.top = `${String(top)}px`;
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role^=menuitem]')];
}

function onKey(event: KeyboardEvent, menu: HTMLElement): void {
  const items = itemsOf(menu);
  const at = items.indexOf(document.activeElement as HTMLElement);
  const target = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  event.stopPropagation();
  if (target !== undefined) items[target]?.focus();
  else if (event.key === 'Tab') menu.hidePopover();
  else if (event.key.length === 1 && event.key !== ' ') focusByLetter(items, at, event.key);
  else return;
  event.preventDefault();
}

function focusByLetter(items: HTMLElement[], at: number, letter: string): void {
  const inTurn = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  inTurn
    .find((item) => item.textContent.trim().toLowerCase().startsWith(letter.toLowerCase()))
    ?.focus();
}
