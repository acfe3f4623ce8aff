import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ComposeModel } from '../composeModel.ts';
import { choices, field, fieldError } from '../../controls/field.ts';

/** One of a few words, such as a quality; nothing for a model without that choice. */
export function segmentPicker(
  name: 'quality' | 'resolution' | 'background',
  label: string,
  values: readonly { id: string; label: string }[],
  chosen: string,
  compose: ComposeModel,
): TemplateResult | typeof nothing {
  if (values.length === 0) return nothing;
  const options = values.map((value) => ({
    ...value,
    face: html`<span class="segment">${value.label}</span>`,
  }));
  const group = { name, label, className: 'segments' };
  return field(
    name,
    label,
    html`${choices(group, options, chosen, (id) => compose.choose(name, id))}
    ${fieldError(`${name}-error`, compose.refusal, name)}`,
  );
}
