import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { State } from '../../../../shared/studioProtocol.ts';
import type { ComposeModel } from '../composeModel.ts';
import { choices, field, fieldError } from '../../controls/field.ts';
import { messages } from '../../pageMessages.ts';

export function qualityPicker(
  { qualities }: State['options'],
  compose: ComposeModel,
): TemplateResult {
  const options = qualities.map(({ id, label }) => ({
    id,
    label,
    face: html`<span class="segment">${label}</span>`,
  }));
  const group = { name: 'quality', label: messages.quality, className: 'segments' };
  return field(
    'quality',
    messages.quality,
    html`${choices(group, options, compose.draft.quality, (quality) => compose.change({ quality }))}
    ${fieldError('quality-error', compose.refusal, 'quality')}`,
  );
}
