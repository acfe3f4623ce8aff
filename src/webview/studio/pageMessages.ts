import type { StudioMessages } from '../../studio/studioMessages.ts';

/** The host put them into the page, in the language of the editor. */
export const messages = JSON.parse(document.body.dataset['messages'] ?? '{}') as StudioMessages;

export const locale = document.documentElement.lang || 'en';
