/** What the editor knows the Studio's panel and view by; the second as in package.json. */
export const studioPanelType = 'imageStudioPanel';
export const studioViewId = 'imageStudioView';
