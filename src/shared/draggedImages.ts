/** The addresses of images that are dragged out of the Studio, a line each. */
export const draggedImages = 'application/vnd.image-studio.images';
/** So many are taken at once, from wherever they are dragged or pasted. */
export const maxDraggedImages = 50;
