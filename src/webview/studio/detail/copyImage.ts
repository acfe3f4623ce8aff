import { fill } from '../format.ts';
import { messages } from '../pageMessages.ts';
import type { StudioModel } from '../studioModel.ts';

/** Copies an image as PNG, the only type that clipboards accept. */
export async function copyImage(src: string, model: StudioModel): Promise<void> {
  try {
    // Written before the image is loaded: the clipboard is open only right after a click.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': pngOf(src) })]);
    model.announce(messages.copied);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    model.announce(fill(messages.copyFailed, reason));
  }
}

async function pngOf(src: string): Promise<Blob> {
  const blob = await (await fetch(src)).blob();
  if (blob.type === 'image/png') return blob;
  const bitmap = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return await canvas.convertToBlob({ type: 'image/png' });
}
