import {
  type FromImagePage,
  parseToImagePage,
  type ToImagePage,
} from '../shared/imagePageProtocol.ts';

/**
 * The page that converts what only a browser decodes (AVIF, BMP, GIF, SVG, pasted images) into an
 * image the provider accepts. An SVG is decoded as an image, so its scripts do not run.
 */
declare function acquireVsCodeApi(): { postMessage(message: FromImagePage): void };

const host = acquireVsCodeApi();
/** For a vector image without a size of its own. */
const defaultSidePx = 1024;
const smallerStep = 0.75;
/** Of 100. */
const defaultQuality = 95;

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const message = parseToImagePage(data);
  if (message?.kind === 'paste') awaitPaste(message.hint, message.noImageHint);
  if (message?.kind === 'convert')
    convert(message).then(send, () => host.postMessage({ kind: 'failed' }));
});

type ConvertRequest = Extract<ToImagePage, { kind: 'convert' }>;

async function convert(request: ConvertRequest): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([request.bytes as BlobPart], { type: request.mime }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return await drawFitting(image, request);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** A file's size is known once it is encoded, so a noisy image takes several attempts. */
async function drawFitting(image: HTMLImageElement, request: ConvertRequest): Promise<Blob> {
  const width = request.size?.width ?? (image.naturalWidth || defaultSidePx);
  const height = request.size?.height ?? (image.naturalHeight || defaultSidePx);
  let scale = Math.min(1, request.maxSidePx / Math.max(width, height));
  for (;;) {
    const blob = await draw(image, width * scale, height * scale, request);
    if (blob.size <= request.maxBytes) return blob;
    scale *= smallerStep;
  }
}

async function draw(
  image: HTMLImageElement,
  width: number,
  height: number,
  { type, quality = defaultQuality }: ConvertRequest,
): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise<Blob>((resolve, reject) => {
    canvas.toBlob(
      (blob) => {
        if (blob) resolve(blob);
        else reject(new Error('The image could not be drawn'));
      },
      type,
      quality / 100,
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
