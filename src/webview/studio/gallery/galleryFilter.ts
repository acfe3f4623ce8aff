import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { Filter } from '../../../shared/studio/entry.ts';
import { icon, iconButton } from '../controls/icon.ts';
import { messages } from '../pageMessages.ts';
import { StudioElement } from '../studioElement.ts';

const searchAfterMs = 120;

interface Option {
  value: string;
  label: string;
}

/** Search and filters above the gallery. Escape clears the words, then sends `close`. */
class GalleryFilter extends StudioElement {
  #timer: number | undefined;

  override render(): TemplateResult {
    const { filter } = this.model.gallery;
    return html`<div class="filter" role="search" aria-label=${messages.filters}>
      <vscode-textfield
        class="filter-search"
        .label=${messages.search}
        placeholder=${messages.searchPlaceholder}
        .value=${filter.words}
        @input=${(event: Event) => this.#search((event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => this.#onKey(event)}
      >
        <span slot="content-before">${icon('search')}</span>
      </vscode-textfield>
      ${iconButton(
        filter.isFavourite ? 'star-full' : 'star-empty',
        messages.favouritesOnly,
        () => this.#change({ isFavourite: filter.isFavourite ? undefined : true }),
        { isPressed: filter.isFavourite === true },
      )}
      <div class="filter-choices">${this.#sizes()} ${this.#references()} ${this.#workspaces()}</div>
    </div>`;
  }

  #sizes(): TemplateResult {
    const sizes = this.model.state?.options.sizes ?? [];
    const options = sizes.map(({ id, shape, isRatio }) => ({
      value: id,
      label: shape === undefined ? messages.autoSize : isRatio ? id : messages[shape],
    }));
    return select(
      messages.filterSize,
      messages.anySize,
      options,
      this.model.gallery.filter.size,
      (size) => this.#change({ size }),
    );
  }

  #references(): TemplateResult {
    const { hasReferences } = this.model.gallery.filter;
    return select(
      messages.filterReferences,
      messages.anyReferences,
      [
        { value: 'with', label: messages.withReferences },
        { value: 'without', label: messages.withoutReferences },
      ],
      hasReferences === undefined ? undefined : hasReferences ? 'with' : 'without',
      (value) =>
        this.#change({ hasReferences: value === undefined ? undefined : value === 'with' }),
    );
  }

  #workspaces(): TemplateResult | typeof nothing {
    const workspaces = this.model.state?.workspaces ?? [];
    if (workspaces.length === 0) return nothing;
    return select(
      messages.filterFolder,
      messages.anyWorkspace,
      workspaces.map(({ uri, label }) => ({ value: uri, label })),
      this.model.gallery.filter.workspaceUri,
      (workspaceUri) => this.#change({ workspaceUri }),
    );
  }

  #search(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#change({ words: text }), searchAfterMs);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    clearTimeout(this.#timer);
    if ((event.target as HTMLInputElement).value === '') this.dispatchEvent(new Event('close'));
    else this.#change({ words: '' });
  }

  #change(change: { [Name in keyof Filter]?: Filter[Name] | undefined }): void {
    const all = { ...this.model.gallery.filter, ...change };
    const set = Object.entries(all).filter(([, value]) => value !== undefined);
    this.model.gallery.ask(Object.fromEntries(set) as Filter);
  }
}
customElements.define('studio-gallery-filter', GalleryFilter);

function select(
  label: string,
  any: string,
  options: Option[],
  chosen: string | undefined,
  choose: (value: string | undefined) => void,
): TemplateResult {
  return html`<vscode-single-select
    class="filter-select"
    .label=${label}
    .value=${chosen ?? ''}
    title=${label}
    @change=${(event: Event) => {
      const { value } = event.target as HTMLSelectElement;
      choose(value === '' ? undefined : value);
    }}
  >
    <vscode-option value="" ?selected=${chosen === undefined}>${any}</vscode-option>
    ${options.map(
      ({ value, label: name }) =>
        html`<vscode-option value=${value} ?selected=${value === chosen}>${name}</vscode-option>`,
    )}
  </vscode-single-select>`;
}
