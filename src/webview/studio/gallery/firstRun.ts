import { html } from 'lit';
import type { TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { host } from '../host.ts';
import { icon } from '../controls/icon.ts';
import { messages } from '../pageMessages.ts';
import { focusPrompt } from '../pageFocus.ts';
import type { StudioModel } from '../studioModel.ts';

/** What is needed before anything can be drawn. */
export function keyCard(): TemplateResult {
  return html`<section class="card" aria-labelledby="key-title">
    ${icon('key')}
    <h2 id="key-title">${messages.keyTitle}</h2>
    <p class="quiet">${messages.keySentence}</p>
    <vscode-button @click=${() => host.post({ kind: 'notice', action: 'setKey' })}
      >${messages.setKey}</vscode-button
    >
  </section>`;
}

/** Example prompts; a click puts one into the prompt. */
export function examples(model: StudioModel): TemplateResult {
  const take = (prompt: string): void => {
    model.compose.change({ prompt });
    focusPrompt();
  };
  return html`<section class="card" aria-labelledby="empty-title">
    ${icon('sparkle')}
    <h2 id="empty-title">${messages.emptyTitle}</h2>
    <p class="quiet">${messages.emptySentence}</p>
    <ul class="examples">
      ${[messages.example1, messages.example2, messages.example3].map(
        (prompt) =>
          html`<li>
            <button type="button" class="example" @click=${() => take(prompt)}>${prompt}</button>
          </li>`,
      )}
    </ul>
  </section>`;
}

export function noHits(model: StudioModel): TemplateResult {
  return html`<section class="card" aria-labelledby="no-hits">
    ${icon('search')}
    <h2 id="no-hits">${messages.noHits}</h2>
    <vscode-button
      secondary
      @click=${() => {
        model.gallery.ask({ words: '' });
        document.querySelector<HTMLElement>('.filter-search, .gallery-head .icon-button')?.focus();
      }}
      >${messages.clearFilter}</vscode-button
    >
  </section>`;
}
