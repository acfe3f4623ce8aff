// What is loaded when the cursor is first in a document that may link to images. The modules of
// `app.cjs` get it from here, so that there is one of each.
export { startLinkFeatures } from './linkFeatures.ts';
export { imageOfLink, linkedImageAt } from './linkedImage.ts';
export { maxAltChars } from './links/missingImage.ts';
export { missingFor, missingIn } from './missing.ts';
export { pathOnPage } from './pathOnPage.ts';
export { startOfLinks } from './startOfLinks.ts';
