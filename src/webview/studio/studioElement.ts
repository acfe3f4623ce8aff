import { LitElement } from 'lit';
import type { StudioModel } from './studioModel.ts';

/**
 * An element of the page without a shadow root: labels may refer to elements of other parts, and one
 * stylesheet is enough.
 */
export abstract class StudioElement extends LitElement {
  static override properties = { model: { attribute: false } };
  declare model: StudioModel;
  #unsubscribe: (() => void) | undefined;

  override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = this.model.onDidChange(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
  }
}
