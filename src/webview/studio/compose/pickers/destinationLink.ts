import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { State } from '../../../../shared/studio/state.ts';
import type { ComposeModel } from '../composeModel.ts';
import { field, fieldError } from '../../controls/field.ts';
import { fill } from '../../format.ts';
import { host } from '../../host.ts';
import { icon, iconButton } from '../../controls/icon.ts';
import { messages } from '../../pageMessages.ts';

/** The folder that images are saved to, and the next image's file; a click chooses another folder. */
export function destinationLink(
  { destination, isOtherDestination }: State,
  { nextImage, refusal }: Pick<ComposeModel, 'nextImage' | 'refusal'>,
): TemplateResult {
  const label =
    destination === undefined
      ? messages.noDestination
      : fill(messages.chooseDestination, destination);
  return field(
    'destination',
    messages.destination,
    html`<div class="destination">
        <button
          type="button"
          class="link destination-link"
          title=${label}
          aria-label=${label}
          @click=${() => host.post({ kind: 'pickDestination' })}
        >
          ${icon('folder')}<span class="ellipsis">${destination ?? messages.noDestination}</span>
        </button>
        ${
          isOtherDestination
            ? iconButton('discard', messages.resetDestination, () =>
                host.post({ kind: 'resetDestination' }),
              )
            : nothing
        }
      </div>
      ${nextImageLine(nextImage.path)}
      ${fieldError('destination-error', refusalOf(nextImage.problem) ?? refusal, 'destination')}`,
  );
}

function nextImageLine(path: string | undefined): TemplateResult | typeof nothing {
  if (path === undefined) return nothing;
  const text = fill(messages.nextImage, path);
  return html`<p class="next-image ellipsis" title=${text}>${text}</p>`;
}

/** What a setting says wrong is told before Generate is pressed. */
function refusalOf(problem: string | undefined): ComposeModel['refusal'] {
  return problem === undefined ? undefined : { field: 'destination', sentence: problem };
}
