/** The addresses of images that are dragged out of the Studio, a line each. */
export const draggedImages = 'application/vnd.image-studio.images';
