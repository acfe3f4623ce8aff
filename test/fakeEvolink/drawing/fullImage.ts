/** An image handsome enough to be shown: a landscape, or for an edit its source in new light. */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { seededRandom } from '../random.ts';
import { drawCaption } from './caption.ts';
import { landOf, paletteOf } from './palette.ts';
import type { Palette } from './palette.ts';
import { insertChunks, textChunk } from './png.ts';
import { drawScenery } from './scenery.ts';
import type { Subject } from './subject.ts';

const shownReferences = 5;

function svg({ width, height }: Subject, content: string): Buffer {
  const [w, h] = [String(width), String(height)];
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}">${content}</svg>`,
  );
}

function seedOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}

/** The source, its own caption cut away, in the palette's light. */
async function drawEdited(subject: Subject, source: Buffer, palette: Palette): Promise<Buffer> {
  const { width, height } = subject;
  const { width: sourceWidth, height: sourceHeight } = await sharp(source).metadata();
  const kept = Math.ceil(sourceHeight * 0.76);
  const light = `<linearGradient id="light" x1="0" y1="0" x2="0.35" y2="1">
<stop offset="0" stop-color="${palette.sky[0]}"/><stop offset="0.6" stop-color="${palette.sky[1]}"/>
<stop offset="1" stop-color="${palette.sky[2]}"/></linearGradient>
<rect width="100%" height="100%" fill="url(#light)" opacity="0.85"/>`;
  return sharp(source)
    .extract({ left: 0, top: 0, width: sourceWidth, height: kept })
    .resize(width, height, { fit: 'cover', position: 'top' })
    .flatten({ background: palette.sky[2] })
    .composite([{ input: svg(subject, light), blend: 'soft-light' }])
    .png({ compressionLevel: 1 })
    .toBuffer();
}

interface Card {
  readonly input: Buffer;
  readonly left: number;
  readonly top: number;
}

/** The references as small framed cards along the top right. */
async function drawCards({ width, references }: Subject): Promise<Card[]> {
  const side = Math.round(width / 9);
  const gap = Math.round(side / 6);
  return Promise.all(
    references.slice(0, shownReferences).map(async (reference, index) => {
      const input = await sharp(reference)
        .resize(side, side, { fit: 'cover' })
        .flatten({ background: '#808080' })
        .extend({ top: 4, bottom: 4, left: 4, right: 4, background: '#ffffff' })
        .png({ compressionLevel: 1 })
        .toBuffer();
      return { input, left: width - (index + 1) * (side + gap) - gap, top: gap * 2 };
    }),
  );
}

async function readable(references: readonly Buffer[]): Promise<Buffer[]> {
  const checked = await Promise.all(
    references.map(async (reference) => {
      const isReadable = await sharp(reference)
        .metadata()
        .then(
          () => true,
          () => false,
        );
      return isReadable ? [reference] : [];
    }),
  );
  return checked.flat();
}

/** Draws a subject as a PNG that says in its text chunks what it is. */
export async function drawFullImage(subject: Subject): Promise<Buffer> {
  const { width, height, prompt, taskId } = subject;
  const references = await readable(subject.references);
  // Colours and land follow the prompt, all else the task: variations look related, never equal.
  const byPrompt = seededRandom(seedOf(prompt));
  const palette = paletteOf(prompt, byPrompt);
  const land = landOf(prompt, byPrompt);
  const random = seededRandom(seedOf(`${taskId}\n${prompt}`));
  const [source] = references;
  const base =
    source === undefined
      ? svg(subject, drawScenery({ width, height, palette, land, random }))
      : await drawEdited(subject, source, palette);
  const png = await sharp(base)
    .composite([
      ...(await drawCards({ ...subject, references })),
      { input: svg(subject, drawCaption(subject)) },
    ])
    .removeAlpha()
    .png({ compressionLevel: 6 })
    .toBuffer();
  return insertChunks(png, [textChunk('Title', prompt), textChunk('Comment', taskId)]);
}
