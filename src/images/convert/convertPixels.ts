import { checkImageBytes } from '../checkImage.ts';
import { BadImageError, type ImageFacts } from '../imageFacts.ts';
import { readWindowed, UnreadableError, type Windowed } from '../parts.ts';
import { sha256OfBytes } from '../sha256.ts';
import { orientationOfImage } from '../shownSize.ts';
import { isAnimated } from './animation.ts';
import type { createCodecs, DecodedType } from './codecs.ts';
import { ConversionError } from './conversionError.ts';
import { readIccProfile, withIccProfile } from './iccProfile.ts';
import { type OutputFormat, maxWidthPx } from './outputFormat.ts';
import { hasAlpha, type Pixels, sizeAtWidth, upright } from './pixels.ts';
import { hasProvenance } from './provenance.ts';
import { distinctWidths } from './srcset.ts';

export interface ConversionOrder {
  bytes: Uint8Array;
  format: OutputFormat;
  /** 1–100. */
  quality: number;
  /** One image for each, no wider than that; undefined for the width it has. */
  widths: readonly (number | undefined)[];
  /** The widths are of one set: near-equal ones are left out. */
  isSet?: boolean | undefined;
}

export interface EncodedImage {
  bytes: Uint8Array;
  sha256: string;
  width: number;
  height: number;
}

export interface Conversion {
  images: readonly EncodedImage[];
  /** The source carries a signed record of its origin, and no result does. */
  losesProvenance: boolean;
}

/** 256 MB of pixels, of which a conversion holds three or four times as much. */
const maxPixels = 2 ** 26;
const decodedTypes: ReadonlySet<ImageFacts['type']> = new Set(['png', 'jpg', 'webp']);

/**
 * An image in another format and at other widths, upright and with its colour profile. Other
 * metadata stay behind. Blocks its thread. @throws ConversionError
 */
export async function convertPixels(
  order: ConversionOrder,
  codecs: ReturnType<typeof createCodecs>,
): Promise<Conversion> {
  try {
    return await convert(order, codecs);
  } catch (thrown) {
    const isNotWhole = thrown instanceof BadImageError || thrown instanceof UnreadableError;
    throw isNotWhole ? new ConversionError('notWhole', thrown) : thrown;
  }
}

async function convert(
  { bytes, format, quality, widths, isSet }: ConversionOrder,
  codecs: ReturnType<typeof createCodecs>,
): Promise<Conversion> {
  const facts = await checkImageBytes(bytes);
  if (facts.width * facts.height > maxPixels) throw new ConversionError('tooLarge');
  const windowed = readWindowed(
    (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
    bytes.length,
  );
  if (await isAnimated(facts.type, windowed)) throw new ConversionError('animated');
  if (!decodedTypes.has(facts.type)) throw new ConversionError('needsBrowser');
  const profile = await readIccProfile(facts.type, windowed);
  const losesProvenance = await hasProvenance(facts.type, windowed);
  const whole = await decodeUpright(bytes, facts, windowed, codecs);
  const images: EncodedImage[] = [];
  for (const maxWidth of isSet ? distinctWidths(widths, whole.width) : widths) {
    const { width, height } = sizeAtWidth(whole, maxWidth);
    if (Math.max(width, height) > maxWidthPx) throw new ConversionError('tooLarge');
    const pixels = codecs.resize(whole, width, height);
    const encoded = await codecs.encode(pixels, format, quality);
    const described = { width, height, hasAlpha: profile !== undefined && hasAlpha(pixels) };
    const image = profile ? withIccProfile(encoded, format, profile, described) : encoded;
    images.push({ bytes: image, sha256: sha256OfBytes(image), width, height });
  }
  return { images, losesProvenance };
}

async function decodeUpright(
  bytes: Uint8Array,
  facts: ImageFacts,
  windowed: Windowed,
  codecs: ReturnType<typeof createCodecs>,
): Promise<Pixels> {
  const pixels = await codecs.decode(bytes, facts.type as DecodedType);
  // A decoder that reads another size than was checked reads what was not checked.
  if (pixels.width !== facts.width || pixels.height !== facts.height)
    throw new ConversionError('undecodable');
  return upright(pixels, await orientationOfImage(facts.type, windowed));
}
