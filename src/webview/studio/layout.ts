/**
 * Where there is room for all fields, they are beside the gallery; else a few lines above it, with
 * the longer texts while they fit.
 */
export type PageLayout = 'wide' | 'medium' | 'narrow';

const wide = window.matchMedia('(min-width: 900px) and (min-height: 560px)');
const medium = window.matchMedia('(min-width: 480px)');

export function pageLayout(): PageLayout {
  if (wide.matches) return 'wide';
  return medium.matches ? 'medium' : 'narrow';
}

export function onPageLayout(listener: () => void): () => void {
  const queries = [wide, medium];
  for (const query of queries) query.addEventListener('change', listener);
  return () => {
    for (const query of queries) query.removeEventListener('change', listener);
  };
}
