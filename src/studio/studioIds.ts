/** Ids of the Studio's panel and view; package.json has the view's. */
export const studioPanelType = 'imageStudioPanel';
export const studioViewId = 'imageStudioView';

/**
 * The context key that shows the view, and the workspace's memory of whether it was visible last.
 * Beside the editor's chat the view is there in any case; where there is no chat, the editor would
 * open the side bar of each new workspace for our view alone, which nobody asked for.
 */
export const inSideBarKey = 'imageStudio.inSideBar';
