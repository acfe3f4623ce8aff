import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { State } from '../../../../shared/studio/state.ts';
import type { ComposeModel } from '../composeModel.ts';
import { field } from '../../controls/field.ts';
import { iconButton } from '../../controls/icon.ts';
import { messages } from '../../pageMessages.ts';

/**
 * How many variations. The buttons are for the mouse; the arrow keys work in the box, and a digit
 * after a click replaces what it has.
 */
export function countPicker({ maxCount }: State['options'], compose: ComposeModel): TemplateResult {
  const { count } = compose.draft;
  const set = (value: number): void => {
    if (Number.isInteger(value) && value >= 1 && value <= maxCount)
      compose.change({ count: value });
  };
  return field(
    'count',
    messages.count,
    html`<div class="stepper">
      ${iconButton('remove', messages.fewer, () => set(count - 1), { isReachable: false })}
      <input
        type="number"
        class="stepper-input"
        min="1"
        max=${maxCount}
        aria-labelledby="count-label"
        .value=${String(count)}
        @click=${({ target }: Event) => (target as HTMLInputElement).select()}
        @input=${({ target }: InputEvent) => set((target as HTMLInputElement).valueAsNumber)}
        @blur=${({ target }: Event) => ((target as HTMLInputElement).value = String(count))}
      />
      ${iconButton('add', messages.more, () => set(count + 1), { isReachable: false })}
    </div>`,
  );
}
