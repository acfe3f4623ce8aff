import type { Entry } from '../../../shared/studio/entry.ts';
import { host } from '../host.ts';

const widthPx = 320;
const mostAtOnce = 2;
const quality = 0.82;

/** Makes small images of those in sight that have none; the host keeps them. */
export class ThumbnailMaker {
  #queue: Entry[] = [];
  readonly #tried = new Set<number>();
  #running = 0;

  /** Replaces the queue by these entries, those in sight now. */
  request(entries: readonly Entry[]): void {
    this.#queue = entries.filter(
      ({ key, image }) =>
        image?.src !== undefined &&
        image.thumbnail === undefined &&
        !image.isMissing &&
        !this.#tried.has(key),
    );
    this.#next();
  }

  #next(): void {
    while (this.#running < mostAtOnce) {
      const entry = this.#queue.shift();
      const src = entry?.image?.src;
      if (!entry || src === undefined) return;
      // A file that cannot be decoded is tried once.
      this.#tried.add(entry.key);
      this.#running++;
      void this.#make(entry, src).finally(() => {
        this.#running--;
        this.#next();
      });
    }
  }

  async #make({ key, width }: Entry, src: string): Promise<void> {
    try {
      const blob = await (await fetch(src)).blob();
      host.post({ kind: 'thumbnail', key, bytes: await shrink(blob, width || widthPx) });
    } catch {
      // The cell shows the image itself, or says that it cannot.
    }
  }
}

async function shrink(blob: Blob, imageWidthPx: number): Promise<ArrayBuffer> {
  const bitmap = await createImageBitmap(blob, {
    resizeWidth: Math.min(widthPx, imageWidthPx),
    resizeQuality: 'high',
  });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  const small = await canvas.convertToBlob({ type: 'image/webp', quality });
  return await small.arrayBuffer();
}
