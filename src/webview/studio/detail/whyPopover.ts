import { html, nothing, render } from 'lit';
import type { Entry } from '../../../shared/studio/entry.ts';
import { fill } from '../format.ts';
import { iconButton } from '../controls/icon.ts';
import { landmark, place } from '../controls/menu.ts';
import { messages } from '../pageMessages.ts';
import type { StudioModel } from '../studioModel.ts';

/** Shows what there is to know of a failure, and the request ID to ask the provider about. */
export function openWhy(model: StudioModel, { key, error }: Entry, opener: HTMLElement): void {
  if (!error) return;
  const { sentence, details, requestId } = error;
  const popover = document.createElement('div');
  popover.className = 'why';
  popover.popover = 'auto';
  popover.role = 'dialog';
  popover.ariaLabel = messages.whyTitle;
  popover.tabIndex = -1;
  render(
    html`<p>${sentence}</p>
      ${details.map((paragraph) => html`<p class="why-details">${paragraph}</p>`)}
      ${
        requestId === undefined
          ? nothing
          : html`<p class="why-request">
              <span class="quiet">${fill(messages.requestId, requestId)}</span>
              ${iconButton('copy', messages.copyRequest, () => {
                model.gallery.act('copyRequestId', key);
                model.announce(messages.requestCopied);
              })}
            </p>`
      }`,
    popover,
  );
  popover.addEventListener('toggle', (event) => {
    if (event.newState !== 'closed') return;
    const hadFocus = popover.contains(document.activeElement);
    popover.remove();
    if ((hadFocus || document.activeElement === document.body) && opener.isConnected)
      opener.focus();
  });
  landmark().append(popover);
  popover.showPopover();
  const { left, bottom } = opener.getBoundingClientRect();
  place(popover, { x: left, y: bottom + 4 });
  popover.focus();
}
