import { setImmediate as nextTurn } from 'node:timers/promises';
import { UnreadableError } from '../parts.ts';

/** A component of a JPEG's frame: in how many blocks it stands in a unit, across and down. */
export interface JpegComponent {
  id: number;
  across: number;
  down: number;
}

/** What has to be known to read a scan that is coded sequentially, by Huffman (ITU T.81, F.2). */
export interface JpegCoding {
  width: number;
  height: number;
  components: readonly JpegComponent[];
  /** By class (0: DC, 16: AC) and number, as a table's first byte has them. */
  tables: ReadonlyMap<number, HuffmanTable>;
  /** So many units stand between two restarts; 0 when there are none. */
  restartUnits: number;
}

export interface HuffmanTable {
  /** How many codes there are of each length, from one bit to sixteen. */
  counts: Uint8Array;
  values: Uint8Array;
}

/** Each takes some nanoseconds, in whatever blocks and codes they stand. */
const maxBitsInTurn = 500_000;
/** Of a scan, and of the blocks of its unit (B.2.2 and B.2.3); a decoder refuses more. */
const maxScanComponents = 4;
const maxSampling = 4;
const maxBlocksInUnit = 10;
/** No program writes as many in a row. */
const maxFillBytes = 65_536;

/**
 * Whether all blocks of a scan are there, and nothing behind them: zeros in place of what was lost
 * can be read as blocks, too. A decoder asks no more of a file that ends without saying so.
 * @param head the scan's header behind its length
 * @param data what is compressed, up to the file's end
 * @throws UnreadableError when the header speaks of what is not there, or of more than there can be
 */
export async function hasAllBlocks(
  coding: JpegCoding,
  head: Buffer,
  data: Buffer,
): Promise<boolean> {
  const blocks = blocksOf(coding, head);
  const units = unitsOf(coding, head);
  const bits = new BitReader(data);
  let turnEnd = maxBitsInTurn;
  for (let unit = 0; unit < units; unit += 1) {
    if (bits.position > turnEnd) {
      await nextTurn();
      turnEnd = bits.position + maxBitsInTurn;
    }
    const isRestart = coding.restartUnits > 0 && unit > 0 && unit % coding.restartUnits === 0;
    if (isRestart && !bits.restart()) return false;
    for (const block of blocks) if (!skipBlock(bits, block)) return false;
  }
  return bits.isAtEnd();
}

interface Block {
  dc: HuffmanTable;
  ac: HuffmanTable;
}

function scanComponents({ components }: JpegCoding, head: Buffer) {
  const count = head[0] ?? 0;
  if (count > maxScanComponents) throw new UnreadableError();
  return Array.from({ length: count }, (_, index) => {
    const component = components.find(({ id }) => id === head[1 + 2 * index]);
    const tables = head[2 + 2 * index];
    if (!component || tables === undefined || !isSampled(component)) throw new UnreadableError();
    return { component, tables };
  });
}

function isSampled({ across, down }: JpegComponent): boolean {
  return across >= 1 && across <= maxSampling && down >= 1 && down <= maxSampling;
}

/** The blocks of one unit, in their order. A component that is alone in a scan has one in a unit. */
function blocksOf(coding: JpegCoding, head: Buffer): Block[] {
  const found = scanComponents(coding, head);
  const blocks = found.flatMap(({ component, tables }) => {
    const dc = coding.tables.get(tables >> 4);
    const ac = coding.tables.get(0x10 | (tables & 15));
    if (!dc || !ac) throw new UnreadableError();
    const count = found.length === 1 ? 1 : component.across * component.down;
    return Array.from({ length: count }, () => ({ dc, ac }));
  });
  if (blocks.length > maxBlocksInUnit) throw new UnreadableError();
  return blocks;
}

const blockPx = 8;

function unitsOf(coding: JpegCoding, head: Buffer): number {
  const { width, height, components } = coding;
  const across = Math.max(...components.map((each) => each.across));
  const down = Math.max(...components.map((each) => each.down));
  const [first, ...others] = scanComponents(coding, head);
  if (!first) throw new UnreadableError();
  if (others.length > 0)
    return Math.ceil(width / (blockPx * across)) * Math.ceil(height / (blockPx * down));
  const ownWidth = Math.ceil((width * first.component.across) / across);
  const ownHeight = Math.ceil((height * first.component.down) / down);
  return Math.ceil(ownWidth / blockPx) * Math.ceil(ownHeight / blockPx);
}

const coefficients = 64;
const zeros = 0xf0;

/** @returns whether it was there. */
function skipBlock(bits: BitReader, { dc, ac }: Block): boolean {
  const size = bits.value(dc);
  if (size === undefined || !bits.skip(size)) return false;
  for (let index = 1; index < coefficients;) {
    const value = bits.value(ac);
    if (value === undefined || !bits.skip(value & 15)) return false;
    // The rest of the block is zero.
    if ((value & 15) === 0 && value !== zeros) return true;
    index += (value >> 4) + 1;
  }
  return true;
}

/** Bits of compressed data, in which a zero behind each 0xff means nothing. */
class BitReader {
  readonly #data: Buffer;
  #at = 0;
  #byte = 0;
  #bitsLeft = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  /** In bits, from the beginning of the data. */
  get position(): number {
    return this.#at * 8 - this.#bitsLeft;
  }

  /** @returns undefined at the end of the data. */
  #bit(): number | undefined {
    if (this.#bitsLeft === 0) {
      const byte = this.#data[this.#at];
      if (byte === undefined) return undefined;
      if (byte === 0xff && this.#data[this.#at + 1] !== 0) return undefined;
      this.#at += byte === 0xff ? 2 : 1;
      this.#byte = byte;
      this.#bitsLeft = 8;
    }
    this.#bitsLeft -= 1;
    return (this.#byte >> this.#bitsLeft) & 1;
  }

  skip(count: number): boolean {
    for (let skipped = 0; skipped < count; skipped += 1)
      if (this.#bit() === undefined) return false;
    return true;
  }

  /** The value of the next code; undefined when there is none. */
  value({ counts, values }: HuffmanTable): number | undefined {
    let [code, first, index] = [0, 0, 0];
    for (const count of counts) {
      const bit = this.#bit();
      if (bit === undefined) return undefined;
      code |= bit;
      if (code - first < count) return values[index + code - first];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return undefined;
  }

  /** Half of an end marker may be left. */
  isAtEnd(): boolean {
    const left = this.#data.subarray(this.#at);
    return left.length === 0 || (left.length === 1 && left[0] === 0xff);
  }

  /** Goes on behind the next restart. @returns whether there is one. */
  restart(): boolean {
    this.#bitsLeft = 0;
    // Many of them fill a gap.
    const fillEnd = this.#at + maxFillBytes;
    while (this.#at < fillEnd && this.#data[this.#at] === 0xff && this.#data[this.#at + 1] === 0xff)
      this.#at += 1;
    const code = this.#data[this.#at + 1] ?? 0;
    const isThere = this.#data[this.#at] === 0xff && code >= 0xd0 && code <= 0xd7;
    this.#at += 2;
    return isThere;
  }
}
