import type { Words } from '../../studio/studioMessages.ts';

/** The host put them into the page, in the language of the editor. */
export const words = JSON.parse(document.body.dataset['words'] ?? '{}') as Words;

export const locale = document.documentElement.lang || 'en';
