interface Box {
  width: number;
  height: number;
}

/** The number of columns in which so many images of these proportions are largest. */
export function paneColumns(count: number, room: Box, image: Box, headPx: number): number {
  let best = { columns: 1, scale: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const width = room.width / columns;
    const height = Math.max(1, room.height / rows - headPx);
    const scale = Math.min(width / Math.max(1, image.width), height / Math.max(1, image.height));
    if (scale > best.scale) best = { columns, scale };
  }
  return best.columns;
}
