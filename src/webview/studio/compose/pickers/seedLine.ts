import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { State } from '../../../../shared/studio/state.ts';
import { field } from '../../controls/field.ts';
import { iconButton } from '../../controls/icon.ts';
import { messages } from '../../pageMessages.ts';
import type { ComposeModel } from '../composeModel.ts';

/** The seed of an image that is made once more, and a button to draw without it. */
export function seedLine(
  { hasSeed }: State['options'],
  compose: ComposeModel,
): TemplateResult | typeof nothing {
  const { seed } = compose.draft;
  if (seed === undefined || hasSeed !== true) return nothing;
  return field(
    'seed',
    messages.seed,
    html`<div class="destination">
      <span>${String(seed)}</span>
      ${iconButton('discard', messages.removeSeed, () => compose.removeSeed())}
    </div>`,
  );
}
