import type { StudioMessages } from '../../studio/studioMessages.ts';

/** The texts of the page, which the host puts into its HTML in the editor's language. */
export const messages = JSON.parse(document.body.dataset['messages'] ?? '{}') as StudioMessages;

export const locale = document.documentElement.lang || 'en';
