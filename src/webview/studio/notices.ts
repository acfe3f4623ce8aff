import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { Notice } from '../../shared/studio/state.ts';
import { fill, formatDuration } from './format.ts';
import { host } from './host.ts';
import { icon } from './controls/icon.ts';
import { locale, messages } from './pageMessages.ts';
import { StudioElement } from './studioElement.ts';

const icons: Record<Notice['kind'], string> = {
  credits: 'credit-card',
  key: 'key',
  network: 'debug-disconnect',
  rateLimited: 'watch',
  paused: 'debug-pause',
  model: 'circle-slash',
  trouble: 'warning',
  noWorkspace: 'folder',
};

/** Notices about the whole queue, with their buttons. */
class Notices extends StudioElement {
  #timer: number | undefined;

  override render(): TemplateResult | typeof nothing {
    const notices = this.model.state?.notices ?? [];
    if (notices.length === 0) return nothing;
    return html`<section class="notices" aria-label=${messages.notices}>
      ${notices.map((notice) => noticeLine(notice))}
    </section>`;
  }

  override updated(): void {
    clearTimeout(this.#timer);
    const now = Date.now();
    const counts = this.model.state?.notices.some(({ untilMs = 0 }) => untilMs > now);
    if (counts) this.#timer = window.setTimeout(() => this.requestUpdate(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }
}
customElements.define('studio-notices', Notices);

function noticeLine({ kind, sentence, untilMs, actions }: Notice): TemplateResult {
  const leftMs = untilMs === undefined ? 0 : untilMs - Date.now();
  return html`<div class="notice notice-${kind}">
    ${icon(icons[kind])}
    <p>
      ${sentence}
      ${
        leftMs > 0
          ? html`<span class="quiet nowrap" aria-hidden="true"
              >${fill(messages.timeLeft, formatDuration(locale, leftMs))}</span
            >`
          : nothing
      }
    </p>
    <div class="notice-actions">
      ${actions.map(
        ({ action, label }) =>
          html`<vscode-button secondary @click=${() => host.post({ kind: 'notice', action })}
            >${label}</vscode-button
          >`,
      )}
    </div>
  </div>`;
}
