import { readFileSync } from 'node:fs';
import createJpegDecoder from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import createJpegEncoder from '@jsquash/jpeg/codec/enc/mozjpeg_enc.js';
import { defaultOptions as jpegDefaults } from '@jsquash/jpeg/meta.js';
import * as png from '@jsquash/png/codec/pkg/squoosh_png.js';
import * as scaler from '@jsquash/resize/lib/resize/pkg/squoosh_resize.js';
import createWebpDecoder from '@jsquash/webp/codec/dec/webp_dec.js';
import createWebpEncoder from '@jsquash/webp/codec/enc/webp_enc_simd.js';
import { defaultOptions as webpDefaults } from '@jsquash/webp/meta.js';
import type { CodecFiles, CodecName } from './codecFiles.ts';
import { ConversionError } from './conversionError.ts';
import type { OutputFormat } from './outputFormat.ts';
import { flattened, type Pixels } from './pixels.ts';

/** Types that are decoded here; the others need a browser. */
export type DecodedType = 'png' | 'jpg' | 'webp';

/** What the compiled code is given to be started with, and what of it is used. */
type Create<T> = (options: {
  noInitialRun: true;
  instantiateWasm: (imports: object, done: (instance: object) => void) => unknown;
}) => Promise<T>;
interface Decoder {
  decode: (bytes: Uint8Array, keepsOrientation?: boolean) => Pixels | null;
}
interface Encoder {
  encode: (data: Uint8Array, width: number, height: number, options: object) => Uint8Array | null;
}

/** The part of the engine's own that its types for Node do not have. */
interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
}

const lanczos3 = 3;

/** Code that was compiled before, by this thread or another: each run makes it faster. */
export type CompiledCode = Partial<Record<CodecName, object>>;

/**
 * Decoders and encoders, each loaded when it is first used. Every call blocks its thread.
 * @param code what is compiled is added to it
 */
export function createCodecs(files: CodecFiles, code: CompiledCode = {}) {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  providePixelClass();

  const compiled = (name: CodecName) =>
    (code[name] ??= new WebAssembly.Module(readFileSync(files[name])));

  function start<T>(create: unknown, name: CodecName): Promise<T> {
    return (create as Create<T>)({
      noInitialRun: true,
      instantiateWasm(imports, done) {
        const instance = new WebAssembly.Instance(compiled(name), imports);
        done(instance);
        return instance.exports;
      },
    });
  }

  /** @throws ConversionError `undecodable` */
  async function decode(bytes: Uint8Array, type: DecodedType): Promise<Pixels> {
    try {
      const pixels = await decoded(bytes, type);
      if (pixels) return pixels;
    } catch (thrown) {
      throw new ConversionError('undecodable', thrown);
    }
    throw new ConversionError('undecodable');
  }

  async function decoded(bytes: Uint8Array, type: DecodedType): Promise<Pixels | null> {
    switch (type) {
      case 'png':
        png.initSync(compiled('squoosh_png_bg'));
        return png.decode(bytes);
      case 'jpg':
        return (await start<Decoder>(createJpegDecoder, 'mozjpeg_dec')).decode(bytes, false);
      case 'webp':
        return (await start<Decoder>(createWebpDecoder, 'webp_dec')).decode(bytes);
    }
  }

  /** @param quality 1–100; a PNG has none. @throws ConversionError `unencodable` */
  async function encode(
    pixels: Pixels,
    format: OutputFormat,
    quality: number,
  ): Promise<Uint8Array> {
    try {
      const bytes = await encoded(pixels, format, quality);
      if (bytes) return bytes;
    } catch (thrown) {
      throw new ConversionError('unencodable', thrown);
    }
    throw new ConversionError('unencodable');
  }

  async function encoded(pixels: Pixels, format: OutputFormat, quality: number) {
    const { width, height } = pixels;
    switch (format) {
      case 'png':
        png.initSync(compiled('squoosh_png_bg'));
        return png.encode(bytesOf(pixels), width, height, 8);
      case 'jpeg': {
        const { encode: toJpeg } = await start<Encoder>(createJpegEncoder, 'mozjpeg_enc');
        return toJpeg(bytesOf(flattened(pixels)), width, height, { ...jpegDefaults, quality });
      }
      case 'webp': {
        const { encode: toWebp } = await start<Encoder>(createWebpEncoder, 'webp_enc_simd');
        return toWebp(bytesOf(pixels), width, height, { ...webpDefaults, quality });
      }
    }
  }

  /** Scaled in linear light, and so that what cannot be seen colours no edge. */
  function resize(pixels: Pixels, width: number, height: number): Pixels {
    if (width === pixels.width && height === pixels.height) return pixels;
    scaler.initSync(compiled('squoosh_resize_bg'));
    const data = scaler.resize(
      bytesOf(pixels),
      pixels.width,
      pixels.height,
      width,
      height,
      lanczos3,
      true,
      true,
    );
    return { data, width, height };
  }

  return { decode, encode, resize };
}

function bytesOf({ data }: Pixels): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The decoders make their answers with the browser's class, which Node does not have. */
function providePixelClass(): void {
  const scope = globalThis as unknown as { ImageData?: unknown };
  scope.ImageData ??= class {
    readonly data: Uint8ClampedArray;
    readonly width: number;
    readonly height: number;

    constructor(data: Uint8ClampedArray, width: number, height: number) {
      this.data = data;
      this.width = width;
      this.height = height;
    }
  };
}
