import { html } from 'lit';
import type { TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import type { Style } from '../../../../shared/studio/draft.ts';
import { field } from '../../controls/field.ts';
import { fill } from '../../format.ts';
import { host } from '../../host.ts';
import { iconButton } from '../../controls/icon.ts';
import { openMenu } from '../../controls/menu.ts';
import type { MenuItem } from '../../controls/menu.ts';
import { messages } from '../../pageMessages.ts';
import { StudioElement } from '../../studioElement.ts';
import type { ComposeModel } from '../composeModel.ts';

/** Chooses a style, a text that a team puts around its prompts, and opens the menu to change them. */
class StylePicker extends StudioElement {
  override render(): TemplateResult {
    const { compose, state } = this.model;
    const styles = state?.styles ?? [];
    const chosen = compose.draft.style ?? '';
    return field(
      'style',
      messages.style,
      html`<div class="style-row">
        <vscode-single-select
          .label=${messages.style}
          .value=${chosen}
          @change=${(event: Event) => choose((event.target as HTMLSelectElement).value, compose)}
        >
          ${option('', messages.noStyle, chosen)}
          ${styles.map(({ name }) => option(name, name, chosen))}
        </vscode-single-select>
        ${iconButton('ellipsis', messages.manageStyles, ({ currentTarget }) =>
          openMenu(managing(styles, compose), currentTarget as HTMLElement, messages.manageStyles),
        )}
      </div>`,
    );
  }
}
customElements.define('studio-style-picker', StylePicker);

/** The styles to choose from, and what can be done with them. */
export function styleItems(styles: readonly Style[], compose: ComposeModel): MenuItem[] {
  const chosen = compose.draft.style ?? '';
  const named = ['', ...styles.map(({ name }) => name)].map((name) => ({
    label: name === '' ? messages.noStyle : name,
    isChosen: name === chosen,
    run: () => choose(name, compose),
  }));
  return [...named, ...managing(styles, compose)];
}

function managing(styles: readonly Style[], compose: ComposeModel): MenuItem[] {
  const items: MenuItem[] = [
    { label: messages.newStyle, run: () => compose.editStyle({ name: '' }) },
  ];
  const chosen = styles.find(({ name }) => name === compose.draft.style);
  if (chosen)
    items.push(
      { label: fill(messages.editStyle, chosen.name), run: () => compose.editStyle(chosen) },
      {
        label: fill(messages.removeStyle, chosen.name),
        run: () => {
          host.post({ kind: 'removeStyle', name: chosen.name });
          choose('', compose);
        },
      },
    );
  return items;
}

function choose(name: string, compose: ComposeModel): void {
  compose.changeStyle(name === '' ? undefined : name);
}

function option(value: string, label: string, chosen: string): TemplateResult {
  return html`<vscode-option value=${value} ?selected=${value === chosen}>${label}</vscode-option>`;
}
