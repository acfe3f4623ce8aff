import type { FromImagePage, ToImagePage } from '../shared/imagePageProtocol.ts';

/**
 * The page that turns what only a browser can decode (AVIF, BMP, GIF, SVG, what is pasted) into
 * an image the provider takes. An SVG is decoded as an image, so its scripts do not run.
 */
declare function acquireVsCodeApi(): { postMessage(message: FromImagePage): void };

const host = acquireVsCodeApi();
/** A vector image may have no size of its own. */
const defaultSidePx = 1024;
const smallerStep = 0.75;

window.addEventListener('message', ({ data }: MessageEvent<ToImagePage>) => {
  if (data.kind === 'paste') awaitPaste(data.hint, data.noImageHint);
  else convert(data).then(send, () => host.postMessage({ kind: 'failed' }));
});

type Order = Extract<ToImagePage, { kind: 'convert' }>;

async function convert(order: Order): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([order.bytes as BlobPart], { type: order.mime }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return await drawFitting(image, order);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** What a file takes is known when it is made; a noisy image takes several attempts. */
async function drawFitting(image: HTMLImageElement, order: Order): Promise<Blob> {
  const width = order.size?.width ?? (image.naturalWidth || defaultSidePx);
  const height = order.size?.height ?? (image.naturalHeight || defaultSidePx);
  let scale = Math.min(1, order.maxSidePx / Math.max(width, height));
  for (;;) {
    const blob = await draw(image, width * scale, height * scale, order.type);
    if (blob.size <= order.maxBytes) return blob;
    scale *= smallerStep;
  }
}

async function draw(
  image: HTMLImageElement,
  width: number,
  height: number,
  type: string,
): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
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
