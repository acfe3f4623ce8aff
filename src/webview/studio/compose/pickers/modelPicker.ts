import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import type { State } from '../../../../shared/studio/state.ts';
import type { ComposeModel } from '../composeModel.ts';
import { field, fieldError } from '../../controls/field.ts';
import { messages } from '../../pageMessages.ts';

/** The model, where there are several. The host knows what the others take, and sends it. */
export function modelPicker(
  { model: shown, models }: State['options'],
  compose: ComposeModel,
): TemplateResult | typeof nothing {
  const model = compose.choosing ?? shown;
  if (models.length < 2) return nothing;
  return field(
    'model',
    messages.model,
    html`<vscode-single-select
        class="model-select"
        .label=${messages.model}
        .value=${model}
        @change=${(event: Event) => compose.chooseModel((event.target as HTMLSelectElement).value)}
      >
        ${models.map(
          (id) => html`<vscode-option value=${id} ?selected=${id === model}>${id}</vscode-option>`,
        )}
      </vscode-single-select>
      ${fieldError('model-error', compose.refusal, 'model')}`,
  );
}
