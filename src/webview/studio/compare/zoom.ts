/** How compared images are shown, all alike: lengths are parts of a pane, from its middle. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export const wholeImage: View = { scale: 1, x: 0, y: 0 };
export const zoomStep = 1.5;
const maxScale = 16;

/** Zooms, and keeps what is at the point where it is. */
export function zoomed(view: View, factor: number, at: { x: number; y: number }): View {
  const scale = Math.min(maxScale, Math.max(1, view.scale * factor));
  const ratio = scale / view.scale;
  return inside({
    scale,
    x: at.x - (at.x - view.x) * ratio,
    y: at.y - (at.y - view.y) * ratio,
  });
}

export function moved(view: View, by: { x: number; y: number }): View {
  return inside({ ...view, x: view.x + by.x, y: view.y + by.y });
}

/** The middle of a pane always has something of the image's area. */
function inside({ scale, x, y }: View): View {
  const most = (scale - 1) / 2;
  const limited = (value: number) => Math.max(-most, Math.min(most, value)) || 0;
  return { scale, x: limited(x), y: limited(y) };
}
