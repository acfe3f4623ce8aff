import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';

/** A label, and a control under it. */
export function field(id: string, label: string, control: unknown): TemplateResult {
  return html`<div class="field">
    <span class="label" id="${id}-label">${label}</span>
    ${control}
  </div>`;
}

/** The error of a field, under it. */
export function fieldError(
  id: string,
  refusal: { field?: string | undefined; sentence: string } | undefined,
  field: string,
): TemplateResult | typeof nothing {
  if (!refusal || refusal.field !== field) return nothing;
  return html`<p class="error" id=${id}>${refusal.sentence}</p>`;
}

export interface Choice {
  id: string;
  label: string;
  /** What is shown; screen readers read the label. */
  face: unknown;
}

/** A row of options, as native radio buttons, which handle the keys. */
export function choices(
  { name, label, className }: { name: string; label: string; className: string },
  options: Choice[],
  chosen: string,
  choose: (id: string) => void,
): TemplateResult {
  return html`<div class="choices ${className}" role="radiogroup" aria-label=${label}>
    ${options.map(
      ({ id, label: name_, face }) =>
        html`<label class="choice" title=${name_}>
          <input
            type="radio"
            name=${name}
            aria-label=${name_}
            .value=${id}
            .checked=${id === chosen}
            @change=${() => choose(id)}
          />
          ${face}
        </label>`,
    )}
  </div>`;
}
