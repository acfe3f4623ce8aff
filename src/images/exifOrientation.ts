/** Exif (TIFF 6.0, Exif 2.32): the tag that says which way is up. */
const orientationTag = 0x0112;
const shortType = 3;
const entryBytes = 12;

/** 1 to 8, of the first directory of a TIFF structure; 1, which is upright, when it is not told. */
export function orientationOf(bytes: Uint8Array): number {
  const tiff = withoutExifHead(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  try {
    const isLittle = tiff.toString('latin1', 0, 2) === 'II';
    const read16 = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
    const read32 = (at: number) => (isLittle ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
    if (read16(2) !== 42) return 1;
    const directory = read32(4);
    const count = read16(directory);
    for (let entry = 0; entry < count; entry += 1) {
      const at = directory + 2 + entry * entryBytes;
      if (read16(at) !== orientationTag || read16(at + 2) !== shortType) continue;
      const value = read16(at + 8);
      return value >= 1 && value <= 8 ? value : 1;
    }
  } catch (thrown) {
    // An offset that leads out of the bytes.
    if (!(thrown instanceof RangeError)) throw thrown;
  }
  return 1;
}

/** Some programs write JPEG's prefix into WebP's chunk too. */
function withoutExifHead(bytes: Buffer): Buffer {
  return bytes.toString('latin1', 0, 6) === 'Exif\0\0' ? bytes.subarray(6) : bytes;
}

/** A TIFF structure that tells the orientation and nothing else. */
export function orientationTiff(orientation: number): Buffer {
  const directoryAt = 8;
  const tiff = Buffer.alloc(directoryAt + 2 + entryBytes + 4);
  tiff.write('MM', 'latin1');
  tiff.writeUInt16BE(42, 2);
  tiff.writeUInt32BE(directoryAt, 4);
  tiff.writeUInt16BE(1, directoryAt);
  tiff.writeUInt16BE(orientationTag, directoryAt + 2);
  tiff.writeUInt16BE(shortType, directoryAt + 4);
  tiff.writeUInt32BE(1, directoryAt + 6);
  tiff.writeUInt16BE(orientation, directoryAt + 10);
  return tiff;
}
