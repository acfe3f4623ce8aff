import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { host } from '../../host.ts';
import { messages } from '../../pageMessages.ts';
import { StudioElement } from '../../studioElement.ts';

/** The fields of the style that is being written. */
class StyleForm extends StudioElement {
  #isOpen = false;

  override render(): TemplateResult | typeof nothing {
    const style = this.model.compose.editedStyle;
    if (!style) return nothing;
    return html`<form
      class="style-form"
      @submit=${(event: SubmitEvent) => this.#save(event)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Escape') this.#close();
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
        <vscode-button secondary @click=${() => this.#close()}
          >${messages.cancelEditing}</vscode-button
        >
      </div>
    </form>`;
  }

  override updated(): void {
    const isOpen = this.model.compose.editedStyle !== undefined;
    if (isOpen && !this.#isOpen) this.querySelector<HTMLElement>('input')?.focus();
    this.#isOpen = isOpen;
  }

  #close(): void {
    this.model.compose.editStyle(undefined);
    document.querySelector<HTMLElement>('.style-row .icon-button, #prompt')?.focus();
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
    this.model.compose.changeStyle(name);
    this.#close();
  }
}
customElements.define('studio-style-form', StyleForm);

function textField(name: 'before' | 'after', label: string, text = ''): TemplateResult {
  const id = `style-${name}`;
  return html`<label class="label" for=${id}>${label}</label>
    <textarea id=${id} class="input" name=${name} rows="2" .value=${text}></textarea>`;
}
