import type { FromImagePage, ToImagePage } from '../editor/imagePageProtocol.ts';

/**
 * The page that turns what only a browser can decode (AVIF, BMP, GIF, SVG, what is pasted) into
 * an image the provider takes. An SVG is decoded as a picture, so its scripts do not run.
 */
declare function acquireVsCodeApi(): { postMessage(message: FromImagePage): void };

const host = acquireVsCodeApi();
/** A vector picture may have no size of its own. */
const defaultSidePx = 1024;

window.addEventListener('message', ({ data }: MessageEvent<ToImagePage>) => {
  if (data.kind === 'paste') awaitPaste(data.hint, data.noImageHint);
  else convert(data).then(send, () => host.postMessage({ kind: 'failed' }));
});

async function convert(order: Extract<ToImagePage, { kind: 'convert' }>): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([order.bytes as BlobPart], { type: order.mime }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return await draw(image, order.maxSidePx, order.type);
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function draw(image: HTMLImageElement, maxSidePx: number, type: string): Promise<Blob> {
  const width = image.naturalWidth || defaultSidePx;
  const height = image.naturalHeight || defaultSidePx;
  const scale = Math.min(1, maxSidePx / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise<Blob>((resolve, reject) => {
    canvas.toBlob(
      (blob) => {
        if (blob) resolve(blob);
        else reject(new Error('The picture could not be drawn'));
      },
      type,
      0.95,
    );
  });
}

function awaitPaste(hint: string, noImageHint: string): void {
  const status = document.body.appendChild(document.createElement('p'));
  status.role = 'status';
  status.textContent = hint;
  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const image = files.find((file) => file.type.startsWith('image/'));
    if (image) void send(image);
    else status.textContent = noImageHint;
  });
}

async function send(blob: Blob): Promise<void> {
  host.postMessage({ kind: 'image', bytes: await blob.arrayBuffer(), type: blob.type });
}

host.postMessage({ kind: 'ready' });
