import * as vscode from 'vscode';
import { cancelled } from '../../appError.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import { checkImageBytes } from '../../images/checkImage.ts';
import { ConversionError, type ConversionProblem } from '../../images/convert/conversionError.ts';
import { BadImageError, type ImageFacts } from '../../images/imageFacts.ts';
import { maxImageBytes } from '../../images/imageLimits.ts';
import { mimeOf } from '../references/imageMime.ts';
import { runImagePage } from '../references/imagePage.ts';

export interface PageCodec {
  extensionUri: vscode.Uri;
  /** The image, as a user knows it. */
  name: string;
  signal: AbortSignal;
}

/** A canvas of this side is drawn everywhere. */
const maxSidePx = 8192;

/** A PNG of what only a browser reads. @throws ConversionError; AppError `cancelled` */
export async function decodeByPage(bytes: Uint8Array, page: PageCodec): Promise<Uint8Array> {
  const facts = await factsOf(bytes);
  const { width, height } = facts;
  if (Math.max(width, height) > maxSidePx) throw new ConversionError('tooLarge');
  const size = facts.type === 'svg' ? { size: { width, height } } : {};
  return await draw(
    { bytes, mime: mimeOf(facts.type), type: 'image/png', ...size },
    page,
    'undecodable',
  );
}

/** @param bytes of a PNG @param quality 1–100 @throws ConversionError `unencodable` where no browser can */
export async function encodeByPage(
  bytes: Uint8Array,
  type: 'image/avif',
  quality: number,
  page: PageCodec,
): Promise<Uint8Array> {
  return await draw({ bytes, mime: 'image/png', type, quality }, page, 'unencodable');
}

async function factsOf(bytes: Uint8Array): Promise<ImageFacts> {
  try {
    return await checkImageBytes(bytes);
  } catch (thrown) {
    if (thrown instanceof BadImageError) throw new ConversionError('notWhole', thrown);
    throw thrown;
  }
}

async function draw(
  order: {
    bytes: Uint8Array;
    mime: string;
    type: 'image/png' | 'image/avif';
    quality?: number;
    size?: { width: number; height: number };
  },
  { extensionUri, name, signal }: PageCodec,
  problem: ConversionProblem,
): Promise<Uint8Array> {
  const title = fillIn(vscode.l10n.t('Preparing {0}'), name);
  const request = {
    kind: 'convert',
    ...order,
    // What is read is a Buffer, which would reach the page as JSON.
    bytes: new Uint8Array(order.bytes),
    maxSidePx,
    maxBytes: maxImageBytes,
  } as const;
  const answer = await runImagePage(extensionUri, title, request, signal);
  if (answer.kind === 'closed') throw cancelled();
  // A canvas gives a PNG for a type that it cannot write.
  if (answer.kind === 'failed' || answer.type !== order.type) throw new ConversionError(problem);
  return answer.bytes;
}
