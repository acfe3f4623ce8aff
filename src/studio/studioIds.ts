/** Ids of the Studio's panel and view; package.json has the view's. */
export const studioPanelType = 'imageStudioPanel';
export const studioViewId = 'imageStudioView';
