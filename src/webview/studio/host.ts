import { parseToHost, parseToPage } from '../../shared/studioProtocol.ts';
import type { Draft } from '../../shared/studio/draft.ts';
import type { Filter } from '../../shared/studio/entry.ts';
import type { ToHost, ToPage } from '../../shared/studioProtocol.ts';

interface VsCodeApi {
  postMessage(message: ToHost): void;
  getState(): unknown;
  setState(state: Saved): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** What the editor keeps of a page that is hidden or reloaded. */
export interface Saved {
  draft?: Draft;
  filter?: Filter;
  /** The image whose row is at the upper edge, and the row's top from that edge. */
  anchor?: { key: number; offsetPx: number };
  focus?: number;
  selected?: number[];
  openKey?: number;
  /** The HTML that it was saved by, as `data-page` names it. */
  page?: string;
}

let pageId: string | undefined;

const api = acquireVsCodeApi();

/** Messages to and from the host, and the state that the editor keeps. */
export const host = {
  post(message: ToHost): void {
    api.postMessage(message);
  },

  listen(listener: (message: ToPage) => void): void {
    window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const message = parseToPage(data);
      if (message) listener(message);
    });
  },

  save(saved: Saved): void {
    api.setState(pageId === undefined ? saved : { ...saved, page: pageId });
  },

  /**
   * The editor loads a page that was hidden by the same HTML again, whose state is old by then.
   * @param page identifies the HTML
   * @param state the one in the HTML, as JSON
   * @returns the state to begin with
   */
  begin(page: string | undefined, state: string | undefined): ToPage | undefined {
    const kept = (api.getState() ?? {}) as Partial<Record<keyof Saved, unknown>>;
    pageId = page;
    if (state === undefined || kept.page === page) return undefined;
    return parseToPage({ kind: 'state', state: JSON.parse(state) as unknown });
  },

  /** Drops what does not parse: another version may have saved it. */
  load(): Saved {
    const kept = (api.getState() ?? {}) as Partial<Record<keyof Saved, unknown>>;
    const draft = parseToHost({ kind: 'draft', draft: kept.draft });
    const filter = parseToHost({ kind: 'query', filter: kept.filter });
    const saved: Saved = {};
    if (draft?.kind === 'draft') saved.draft = draft.draft;
    if (filter?.kind === 'query') saved.filter = filter.filter;
    const anchor = kept.anchor as Saved['anchor'];
    if (typeof anchor?.key === 'number' && typeof anchor.offsetPx === 'number')
      saved.anchor = anchor;
    if (typeof kept.focus === 'number') saved.focus = kept.focus;
    if (typeof kept.openKey === 'number') saved.openKey = kept.openKey;
    if (Array.isArray(kept.selected))
      saved.selected = kept.selected.filter((key) => typeof key === 'number');
    return saved;
  },
};
