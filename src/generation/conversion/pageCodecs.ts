import * as vscode from 'vscode';
import { cancelled } from '../../appError.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import { checkImageBytes } from '../../images/checkImage.ts';
import { ConversionError } from '../../images/convert/conversionError.ts';
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
  return await draw({ bytes, mime: mimeOf(facts.type), ...size }, page);
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
  order: { bytes: Uint8Array; mime: string; size?: { width: number; height: number } },
  { extensionUri, name, signal }: PageCodec,
): Promise<Uint8Array> {
  const title = fillIn(vscode.l10n.t('Preparing {0}'), name);
  const request = {
    kind: 'convert',
    type: 'image/png',
    ...order,
    // What is read is a Buffer, which would reach the page as JSON.
    bytes: new Uint8Array(order.bytes),
    maxSidePx,
    maxBytes: maxImageBytes,
  } as const;
  const answer = await runImagePage(extensionUri, title, request, signal);
  if (answer.kind === 'closed') throw cancelled();
  if (answer.kind === 'failed' || answer.type !== request.type)
    throw new ConversionError('undecodable');
  return answer.bytes;
}
