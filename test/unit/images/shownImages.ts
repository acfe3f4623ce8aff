import sharp from 'sharp';
import type { ImageFacts } from '../../../src/images/imageFacts.ts';
import { encodeChunk } from '../../fakeEvolink/drawing/png.ts';

/** An image that browsers show, and what is to be told of it. */
export interface ShownImage {
  name: string;
  bytes: Buffer;
  facts: ImageFacts;
}

const [width, height] = [30, 20];
const xmlns = 'xmlns="http://www.w3.org/2000/svg"';
const drawing = '<rect width="9" height="9"/>';
const licence = `<!-- ${'A licence with "quotes", <tags> and apostrophes\' of its own. '.repeat(20_000)} -->`;
const entities = `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd" [
  <!ENTITY ns_svg "http://www.w3.org/2000/svg">
  <!ENTITY greater "] >">
  <!-- It's a comment with ]> in it, and a quote " -->
  <?odd ]> ' ?>
  ${'<!ENTITY ns_more "http://ns.example.com/more/1.0/">\n'.repeat(3_000)}
]>`;
const side = `width="${String(width)}" height="${String(height)}"`;

function svg(attributes: string, before = '', prefix = ''): string {
  return `${before}<${prefix}svg ${attributes}>${prefix ? '' : drawing}</${prefix}svg>`;
}

const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();

/** Name, text or bytes, width and height. */
const drawings: [string, string | Buffer, number?, number?][] = [
  ['plain', svg(`${xmlns} ${side}`)],
  ['diagram with its source', svg(`${xmlns} content="${'&lt;mx '.repeat(1e5)}" ${side}`)],
  ['source of two megabytes', svg(`${xmlns} content='${'%3Cmx '.repeat(4e5)}' ${side}`)],
  ['sign that ends a tag in an attribute', svg(`${xmlns} content="a > b" ${side}`)],
  ['licence of a megabyte', svg(`${xmlns} ${side}`, `<?xml version="1.0"?>\n${licence}\n`)],
  ['many comments', svg(`${xmlns} ${side}`, '<!-- a -->\n'.repeat(20_000))],
  ['entities', svg(`xmlns="&ns_svg;" ${side}`, entities)],
  ['style sheet', svg(`${xmlns} ${side}`, '<?xml-stylesheet href="a.css" title="?"?>\n')],
  ['view box with commas', svg(`${xmlns} viewBox="0,0,600,300"`), 600, 300],
  ['view box with blanks and commas', svg(`${xmlns} viewBox=" 0 0 , 600\n300 "`), 600, 300],
  ['view box of an icon', svg(`${xmlns} viewBox="0 0 24 24"`), 150, 150],
  ['view box and a width', svg(`${xmlns} viewBox="-5 -5 40 20" width="400"`), 400, 200],
  ['view box and a height', svg(`${xmlns} viewBox="0 0 40 20" height="100"`), 200, 100],
  ['view box without area', svg(`${xmlns} viewBox="0 0 0 0"`), 300, 150],
  ['no size', svg(xmlns), 300, 150],
  ['no attribute but the name', `<svg ${xmlns}/>`, 300, 150],
  ['width alone', svg(`${xmlns} width="99"`), 99, 150],
  ['percent', svg(`${xmlns} width="100%" height="100%" viewBox="0 0 640 480"`), 640, 480],
  ['percent alone', svg(`${xmlns} width="100%" height="50%"`), 300, 150],
  ['words for sizes', svg(`${xmlns} width="auto" height="none"`), 300, 150],
  ['centimetres', svg(`${xmlns} width="2.54cm" height="25.4mm"`), 96, 96],
  ['points and inches', svg(`${xmlns} width="72pt" height="2in"`), 96, 192],
  ['capitals and fonts', svg(`${xmlns} width="40PX" height="2em"`), 40, 32],
  ['powers of ten', svg(`${xmlns} width="3e1" height="+.2E2"`)],
  ['poster', svg(`${xmlns} width="60000" height="30000"`), 60_000, 30_000],
  ['parts of pixels', svg(`${xmlns} width="29.6" height="20.4px"`)],
  ['UTF-16', Buffer.from(`\ufeff${svg(`${xmlns} ${side}`)}`, 'utf16le')],
  ['UTF-16, the other way', swapped(`\ufeff<?xml version="1.0"?>${svg(`${xmlns} ${side}`)}`)],
  ['UTF-8 that says so', `\ufeff${svg(`${xmlns} ${side}`)}`],
  ['encoding of its own', svg(`${xmlns} ${side}`, '<?xml version="1.0" encoding="GB2312"?>')],
  ['prefix', svg(`xmlns:svg="http://www.w3.org/2000/svg" ${side}`, '', 'svg:')],
  ['prefix of its own', svg(`xmlns:ns0="http://www.w3.org/2000/svg" ${side}`, '', 'ns0:')],
  ['lines and other quotes', `<svg\n\t${xmlns}\r\n width\n=\n'30'\n height ="20"\n></svg\n>`],
  ['other names that end alike', svg(`${xmlns} data-width="7" stroke-width="8" ${side}`)],
  ['blanks before', svg(`${xmlns} ${side}`, '\n\n  ')],
];

/** All of them. */
export async function shownImages(): Promise<ShownImage[]> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 };
  const image = sharp({ create: { width, height, channels: 3, background: '#888', noise } });
  const jpeg = await image.clone().jpeg().toBuffer();
  const png = await image.clone().png().toBuffer();
  const gif = await image.clone().gif().toBuffer();
  const avif = await image.clone().avif().toBuffer();
  const webp = await image.clone().webp().toBuffer();
  const behind = Buffer.from('<?php and so on; '.repeat(600));
  const profile = Array.from({ length: 9 }, () => segment(0xe2, Buffer.alloc(62_000, 'ICC_')));
  const moving = [
    png.subarray(0, 33),
    encodeChunk({ type: 'acTL', data: Buffer.from('0000000100000000', 'hex') }),
    encodeChunk({ type: 'fcTL', data: frameOf(0) }),
    png.subarray(33),
  ];
  const rasters: [string, ImageFacts['type'], Buffer][] = [
    ['JPEG with half a megabyte before its frame', 'jpg', withMore(jpeg, ...profile)],
    ['JPEG with something behind it', 'jpg', Buffer.concat([jpeg, behind])],
    ['JPEG with its comments', 'jpg', withMore(jpeg, segment(0xfe, behind), segment(0xed, behind))],
    ['progressive JPEG', 'jpg', await image.clone().jpeg({ progressive: true }).toBuffer()],
    ['JPEG in CMYK', 'jpg', await image.clone().toColourspace('cmyk').jpeg().toBuffer()],
    ['PNG with something behind it', 'png', Buffer.concat([png, behind])],
    ['PNG with half a megabyte before its data', 'png', withProfile(png)],
    ['moving PNG', 'png', Buffer.concat(moving)],
    ['WebP with something behind it', 'webp', Buffer.concat([webp, behind])],
    ['GIF with something behind it', 'gif', Buffer.concat([gif, behind])],
    ['GIF with zeros behind it', 'gif', Buffer.concat([gif, Buffer.alloc(9_000)])],
    ['GIF without its trailer', 'gif', gif.subarray(0, -1)],
    ['GIF that is called the older kind', 'gif', Buffer.from(gif).fill('7', 4, 5)],
    ['GIF with a comment', 'gif', withComment(gif)],
    [
      'GIF cut off in its second image',
      'gif',
      Buffer.concat([gif.subarray(0, -1), Buffer.from(',')]),
    ],
    ['AVIF', 'avif', avif],
    ['AVIF under the name of its family', 'avif', Buffer.from(avif).fill('mif1', 8, 12)],
    ['BMP', 'bmp', bmp(40, height)],
    ['BMP from its top', 'bmp', bmp(40, -height)],
    ['BMP of OS/2', 'bmp', bmp(12, height)],
    ['BMP of a later Windows', 'bmp', bmp(124, height)],
    ['icon', 'ico', icon(1, png)],
    ['cursor', 'ico', icon(2, png)],
  ];
  return [
    ...drawings.map(([name, text, drawnWidth = width, drawnHeight = height]) => ({
      name: `SVG: ${name}`,
      bytes: Buffer.from(text),
      facts: { type: 'svg' as const, width: drawnWidth, height: drawnHeight },
    })),
    ...rasters.map(([name, type, bytes]) => ({ name, bytes, facts: { type, width, height } })),
  ];
}

function segment(code: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

function withMore(jpeg: Buffer, ...segments: Buffer[]): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

function withProfile(png: Buffer): Buffer {
  const text = { type: 'tEXt', data: Buffer.from(`Comment\0${'a'.repeat(557_000)}`, 'latin1') };
  return Buffer.concat([png.subarray(0, 33), encodeChunk(text), png.subarray(33)]);
}

function frameOf(sequence: number): Buffer {
  const frame = Buffer.alloc(26);
  frame.writeUInt32BE(sequence);
  frame.writeUInt32BE(width, 4);
  frame.writeUInt32BE(height, 8);
  frame.writeUInt16BE(1, 20);
  frame.writeUInt16BE(10, 22);
  return frame;
}

/** A comment in two blocks, before the image. */
function withComment(gif: Buffer): Buffer {
  const at = 13 + 3 * 2 ** (((gif[10] ?? 0) & 7) + 1);
  const comment = Buffer.from('\x21\xfe\x03,,,\x02;;\0', 'latin1');
  return Buffer.concat([gif.subarray(0, at), comment, gif.subarray(at)]);
}

/** Grey, in 24 bits. */
function bmp(headBytes: 12 | 40 | 124, signedHeight: number): Buffer {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const bytes = Buffer.alloc(14 + headBytes + rowBytes * height, 0x80).fill(0, 0, 14 + headBytes);
  bytes.write('BM', 'latin1');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(14 + headBytes, 10);
  bytes.writeUInt32LE(headBytes, 14);
  if (headBytes === 12) {
    bytes.writeUInt16LE(width, 18);
    bytes.writeUInt16LE(signedHeight, 20);
  } else {
    bytes.writeInt32LE(width, 18);
    bytes.writeInt32LE(signedHeight, 22);
  }
  const planesAt = headBytes === 12 ? 22 : 26;
  bytes.writeUInt16LE(1, planesAt);
  bytes.writeUInt16LE(24, planesAt + 2);
  return bytes;
}

/** Of two images in one file the larger is shown. */
function icon(kind: 1 | 2, png: Buffer): Buffer {
  const small = smallPng();
  const head = Buffer.alloc(6 + 2 * 16);
  head.writeUInt16LE(kind, 2);
  head.writeUInt16LE(2, 4);
  [small, png].forEach((image, index) => {
    const at = 6 + index * 16;
    head.set(index === 0 ? [1, 1] : [width, height], at);
    // Planes and bits of an icon; where a cursor points.
    head.writeUInt16LE(kind === 1 ? 1 : 0, at + 4);
    head.writeUInt16LE(kind === 1 ? 32 : 0, at + 6);
    head.writeUInt32LE(image.length, at + 8);
    head.writeUInt32LE(head.length + (index === 0 ? 0 : small.length), at + 12);
  });
  return Buffer.concat([head, small, png]);
}

function smallPng(): Buffer {
  return Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
}
