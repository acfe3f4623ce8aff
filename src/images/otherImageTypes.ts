/** Formats in which people have images, and which are of no use here. */
export type OtherImageType =
  'heic' | 'heif' | 'jxl' | 'jp2' | 'tiff' | 'psd' | 'icns' | 'dds' | 'ktx' | 'pnm';

/** How they begin, in hexadecimal. */
const beginnings: readonly [RegExp, OtherImageType][] = [
  [/^(ff0a|.{8}4a584c20)/, 'jxl'],
  [/^(ff4fff51|.{8}6a502020)/, 'jp2'],
  [/^(49492[ab]00|4d4d002[ab])/, 'tiff'],
  [/^38425053/, 'psd'],
  [/^69636e73/, 'icns'],
  [/^44445320/, 'dds'],
  [/^ab4b545820/, 'ktx'],
  // A letter and a digit, and after blanks a number or a comment.
  [/^503[1-6](0[9ad]|20)+(23|3\d)/, 'pnm'],
];

/** The format of an image of no use that begins with these bytes; undefined for all other bytes. */
export function foundTypeOf(head: Uint8Array): OtherImageType | undefined {
  const brands = brandsOf(head);
  if (brands.length > 0) return heifType(brands);
  const text = Buffer.from(head.subarray(0, 32)).toString('hex');
  return beginnings.find(([beginning]) => beginning.test(text))?.[1];
}

const heicBrand = /^he(ic|ix|im|is|vc|vx|vm|vs)$/;
const heifBrand = /^(mif[12]|msf1|miaf|heif)$/;

function heifType(brands: readonly string[]): OtherImageType | undefined {
  if (brands.some((brand) => heicBrand.test(brand))) return 'heic';
  if (brands.includes('avif') || brands.includes('avis')) return undefined;
  return brands.some((brand) => heifBrand.test(brand)) ? 'heif' : undefined;
}

/** Whether these are the first bytes of an AVIF, still or moving, whatever it is called first. */
export function isAvif(head: Uint8Array): boolean {
  return brandsOf(head).some((brand) => brand === 'avif' || brand === 'avis');
}

/** What an ISO media file (14496-12) says it can be read as, the best first. */
function brandsOf(head: Uint8Array): string[] {
  if (textOf(head, 4, 8) !== 'ftyp') return [];
  const sizeBytes = Buffer.from(head.buffer, head.byteOffset, 4).readUInt32BE();
  const brands = textOf(head, 8, Math.min(sizeBytes, maxBrandBytes)).match(/..../gs) ?? [];
  // The second of them is a version.
  return [...brands.slice(0, 1), ...brands.slice(2)];
}

const maxBrandBytes = 256;

function textOf(head: Uint8Array, start: number, end: number): string {
  return Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1', start, end);
}
