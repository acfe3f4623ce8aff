import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';

/** A codicon, hidden from screen readers: a label is beside it. */
export function icon(name: string): TemplateResult {
  return html`<span class="codicon codicon-${name}" aria-hidden="true"></span>`;
}

/** A quiet button that shows only a symbol. */
export function iconButton(
  name: string,
  label: string,
  act: (event: Event) => void,
  { isPressed, isReachable = true }: { isPressed?: boolean; isReachable?: boolean } = {},
): TemplateResult {
  return html`<button
    type="button"
    class="icon-button"
    title=${label}
    aria-label=${label}
    aria-pressed=${isPressed === undefined ? nothing : String(isPressed)}
    tabindex=${isReachable ? 0 : -1}
    @click=${act}
  >
    ${icon(name)}
  </button>`;
}
