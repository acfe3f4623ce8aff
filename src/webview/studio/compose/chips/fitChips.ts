/**
 * How many of the first chips have room beside each other. When not all have, there is room for the
 * one that opens the rest, too.
 */
export function fitChips(
  widthsPx: readonly number[],
  roomPx: number,
  { gapPx, morePx }: { gapPx: number; morePx: number },
): number {
  let usedPx = 0;
  let withMore = 0;
  for (const [index, widthPx] of widthsPx.entries()) {
    usedPx += (index === 0 ? 0 : gapPx) + widthPx;
    if (usedPx > roomPx) return withMore;
    if (usedPx + gapPx + morePx <= roomPx) withMore = index + 1;
  }
  return widthsPx.length;
}
