import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import type { Style } from '../../../../shared/studioProtocol.ts';
import { field } from '../../controls/field.ts';
import { fill } from '../../format.ts';
import { host } from '../../host.ts';
import { iconButton } from '../../controls/icon.ts';
import { openMenu } from '../../controls/menu.ts';
import type { MenuItem } from '../../controls/menu.ts';
import { messages } from '../../pageMessages.ts';
import { StudioElement } from '../../studioElement.ts';

/** Chooses, saves and removes styles: texts that a team puts around its prompts. */
class StylePicker extends StudioElement {
  #edited: Style | undefined;

  override render(): TemplateResult {
    const styles = this.model.state?.styles ?? [];
    const chosen = this.model.compose.draft.style ?? '';
    return html`${field(
      'style',
      messages.style,
      html`<div class="style-row">
        <vscode-single-select
          .label=${messages.style}
          .value=${chosen}
          @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value)}
        >
          ${option('', messages.noStyle, chosen)}
          ${styles.map(({ name }) => option(name, name, chosen))}
        </vscode-single-select>
        ${iconButton('ellipsis', messages.manageStyles, (event) => this.#manage(event))}
      </div>`,
    )}
    ${this.#edited ? this.#form(this.#edited) : nothing}`;
  }

  #choose(name: string): void {
    this.model.compose.changeStyle(name === '' ? undefined : name);
  }

  #manage({ currentTarget }: Event): void {
    const items: MenuItem[] = [{ label: messages.newStyle, run: () => this.#edit({ name: '' }) }];
    const chosen = this.model.state?.styles.find(
      ({ name }) => name === this.model.compose.draft.style,
    );
    if (chosen)
      items.push(
        { label: fill(messages.editStyle, chosen.name), run: () => this.#edit(chosen) },
        { label: fill(messages.removeStyle, chosen.name), run: () => this.#remove(chosen.name) },
      );
    openMenu(items, currentTarget as HTMLElement, messages.manageStyles);
  }

  #edit(style: Style | undefined): void {
    this.#edited = style;
    this.requestUpdate();
    if (style)
      void this.updateComplete.then(() =>
        this.querySelector<HTMLElement>('.style-form input')?.focus(),
      );
    else this.querySelector<HTMLElement>('.style-row .icon-button')?.focus();
  }

  #remove(name: string): void {
    host.post({ kind: 'removeStyle', name });
    this.#choose('');
  }

  #form(style: Style): TemplateResult {
    return html`<form
      class="style-form"
      @submit=${(event: SubmitEvent) => this.#save(event)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Escape') this.#edit(undefined);
      }}
    >
      <label class="label" for="style-name">${messages.styleName}</label>
      <input
        id="style-name"
        class="input"
        name="name"
        maxlength="60"
        required
        .value=${style.name}
      />
      ${textField('before', messages.styleBefore, style.before)}
      ${textField('after', messages.styleAfter, style.after)}
      <div class="form-buttons">
        <vscode-button type="submit">${messages.save}</vscode-button>
        <vscode-button secondary @click=${() => this.#edit(undefined)}
          >${messages.cancelEditing}</vscode-button
        >
      </div>
    </form>`;
  }

  #save(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const read = (name: string): string => {
      const value = data.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    const [name, before, after] = [read('name'), read('before'), read('after')];
    if (name === '') return;
    host.post({
      kind: 'saveStyle',
      style: { name, ...(before ? { before } : {}), ...(after ? { after } : {}) },
    });
    this.#choose(name);
    this.#edit(undefined);
  }
}
customElements.define('studio-style-picker', StylePicker);

function option(value: string, label: string, chosen: string): TemplateResult {
  return html`<vscode-option value=${value} ?selected=${value === chosen}>${label}</vscode-option>`;
}

function textField(name: 'before' | 'after', label: string, text = ''): TemplateResult {
  const id = `style-${name}`;
  return html`<label class="label" for=${id}>${label}</label>
    <textarea id=${id} class="input" name=${name} rows="2" .value=${text}></textarea>`;
}
