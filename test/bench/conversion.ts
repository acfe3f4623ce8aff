import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import sharp from 'sharp';
import { codecFilesIn } from '../../src/images/convert/codecFiles.ts';
import { createConverter } from '../../src/images/convert/converter.ts';
import { projectFolder } from '../harness/cacheFolder.ts';
import { type Figure, median } from './figure.ts';

const [width, height] = [1536, 1024];
const quality = 80;
const rounds = 9;
const ratioLimit = 3;
const blockLimitMs = 50;

/**
 * A picture as models draw them becomes a WebP, by our thread as it is shipped and by sharp, in turn;
 * and how long whoever asks is held up meanwhile, which the extension host would be.
 */
export async function measureConversion(): Promise<Figure[]> {
  const picture = await drawPicture();
  const dist = join(projectFolder, 'dist');
  const { convert } = createConverter({
    workerPath: join(dist, 'convertWorker.cjs'),
    codecFiles: codecFilesIn(dist),
  });
  const order = { bytes: picture, format: 'webp', quality, widths: [undefined] } as const;
  const never = new AbortController().signal;
  const ours: number[] = [];
  const theirs: number[] = [];
  const blocks: number[] = [];
  const idleBlocks: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [oursMs, blockMs] = await timesOf(() => convert(order, never));
    ours.push(oursMs);
    blocks.push(blockMs);
    // Its threads are not those of who asks, either: what holds that up is the machine.
    const [theirsMs, idleMs] = await timesOf(() => sharp(picture).webp({ quality }).toBuffer());
    theirs.push(theirsMs);
    idleBlocks.push(idleMs);
  }
  const ratio = median(ours) / median(theirs);
  const blockMs = Math.max(...blocks);
  return [
    { name: `${String(width)}×${String(height)} to WebP by sharp`, value: inMs(median(theirs)) },
    { name: 'the same by our thread', value: inMs(median(ours)) },
    {
      name: 'the latter / the former',
      value: `${ratio.toFixed(2)} ×`,
      limit: `≤ ${String(ratioLimit)} ×`,
      isMet: ratio <= ratioLimit,
    },
    { name: 'the longest block of who asks, by sharp', value: inMs(Math.max(...idleBlocks)) },
    {
      name: 'the same by our thread, which is compiled first',
      value: inMs(blockMs),
      limit: `≤ ${String(blockLimitMs)} ms`,
      isMet: blockMs <= blockLimitMs,
    },
  ];
}

/** Soft forms with some grain: neither all noise nor all one colour. */
async function drawPicture(): Promise<Buffer> {
  const forms = `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}">
    <defs><radialGradient id="g"><stop offset="0" stop-color="#fa4"/><stop offset="1" stop-color="#148"/></radialGradient></defs>
    <rect width="100%" height="100%" fill="url(#g)"/>
    <circle cx="500" cy="400" r="260" fill="#e52" opacity="0.8"/><path d="M0 900 Q 700 500 1536 950 V1024 H0 Z" fill="#253"/>
  </svg>`;
  const grain = sharp({
    create: {
      ...{ width, height, channels: 3, background: '#808080' },
      noise: { type: 'gaussian', mean: 128, sigma: 12 },
    },
  });
  return await sharp(Buffer.from(forms))
    .removeAlpha()
    .composite([{ input: await grain.png().toBuffer(), blend: 'soft-light' }])
    .png()
    .toBuffer();
}

/** How long it takes, and the longest that the event loop stands still meanwhile. */
async function timesOf(work: () => Promise<unknown>): Promise<[ms: number, blockMs: number]> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const startedMs = performance.now();
  await work();
  const ms = performance.now() - startedMs;
  delay.disable();
  return [ms, delay.max / 1e6];
}

function inMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : String(Math.round(ms))} ms`;
}
