/** A move follows another within so long, or it is a step of its own. */
const togetherMs = 250;
/** So long after the last move, scrolling has ended. */
const settleMs = 100;
/** Part of what is in sight. A move by more shows each image for a frame or two. */
const fastPart = 0.5;

/**
 * How fast the gallery is scrolled. At a drag of the scroll bar through thousands of images, nobody
 * sees one of them, and to ask for each and load it would cost the frames that show the movement.
 */
export class ScrollPace {
  isFast = false;
  readonly #onSettled: () => void;
  #top = 0;
  #movedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onSettled called when a fast movement has ended */
  constructor(onSettled: () => void) {
    this.#onSettled = onSettled;
  }

  /** To be called when the gallery is drawn, with the upper edge and the height of what is in sight. */
  note(topPx: number, sightPx: number, nowMs = performance.now()): void {
    const movedPx = Math.abs(topPx - this.#top);
    if (movedPx === 0) return;
    const isFollowing = nowMs - this.#movedAt < togetherMs;
    this.#top = topPx;
    this.#movedAt = nowMs;
    this.isFast = isFollowing && movedPx > sightPx * fastPart;
    clearTimeout(this.#timer);
    if (this.isFast) this.#timer = setTimeout(() => this.#settle(), settleMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #settle(): void {
    this.isFast = false;
    this.#onSettled();
  }
}
