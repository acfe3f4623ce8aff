import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { State } from '../../../../shared/studio/state.ts';
import type { ComposeModel } from '../composeModel.ts';
import { choices, field, fieldError } from '../../controls/field.ts';
import { fill } from '../../format.ts';
import { messages } from '../../pageMessages.ts';

const framePx = 22;

/** Frames in their true proportions. */
export function sizePicker({ sizes }: State['options'], compose: ComposeModel): TemplateResult {
  const options = sizes.map((size) => ({
    id: size.id,
    label: nameOf(size),
    face: size.shape
      ? frame(size, framePx)
      : html`<span class="auto-size">${messages.autoSize}</span>`,
  }));
  const group = { name: 'size', label: messages.size, className: 'frames' };
  const chosen = sizes.find(({ id }) => id === compose.draft.size);
  // Among many frames the chosen one is told by its name, too.
  const isNamed = chosen !== undefined && sizes.some(({ isRatio }) => isRatio);
  const name = chosen?.shape ? chosen.id : messages.autoSize;
  const label = isNamed ? fill(messages.pair, messages.size, name) : messages.size;
  return field(
    'size',
    chosen?.isAsSource === true ? fill(messages.asSource, label) : label,
    html`${choices(group, options, compose.draft.size, (size) => compose.chooseSize(size))}
    ${fieldError('size-error', compose.refusal, 'size')}`,
  );
}

/** What a size is called where there is room for all of it. */
export function nameOf(size: State['options']['sizes'][number]): string {
  const name = nameAlone(size);
  return size.isAsSource === true ? fill(messages.asSource, name) : name;
}

function nameAlone({
  id,
  width,
  height,
  shape,
  isRatio,
}: State['options']['sizes'][number]): string {
  if (!shape) return messages.autoSize;
  return isRatio
    ? fill(messages.ratioName, id, messages[shape])
    : fill(messages.sizeName, messages[shape], width, height);
}

/** A frame in the size's proportions. */
export function frame(
  { width, height }: { width: number; height: number },
  longestSidePx: number,
): TemplateResult {
  const scale = longestSidePx / Math.max(width, height, 1);
  const style = `width:${String(Math.round(width * scale))}px;height:${String(Math.round(height * scale))}px`;
  return html`<span class="frame" .style=${style}></span>`;
}
