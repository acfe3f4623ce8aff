import { Worker } from 'node:worker_threads';
import { cancelled } from '../../appError.ts';
import type { CodecFiles } from './codecFiles.ts';
import type { CompiledCode } from './codecs.ts';
import { ConversionError, type ConversionProblem } from './conversionError.ts';
import type { Conversion, ConversionOrder } from './convertPixels.ts';
import { onAbort, orAborted } from '../../onAbort.ts';

/** What a thread is started with. */
export interface ConverterStart {
  codecFiles: CodecFiles;
  code: CompiledCode;
}

/** What a thread says when it has ended its conversion, with the code that it has compiled. */
export type ConverterAnswer =
  | ({ kind: 'done'; code: CompiledCode } & Conversion)
  | { kind: 'refused'; problem: ConversionProblem; reason: string };

export interface ConverterOptions {
  /** The script of the thread. */
  workerPath: string | URL;
  codecFiles: CodecFiles;
  limitMs?: number;
  log?: ((line: string) => void) | undefined;
}

/** The largest image that is taken needs half of it on a slow machine. */
const defaultLimitMs = 60_000;
/** Its code, not its pixels, which lie beside it. */
const maxHeapMb = 512;

export interface Converter {
  /**
   * One conversion at a time; the others wait their turn. The bytes are copied.
   * @throws ConversionError; AppError `cancelled` by the signal
   */
  convert: (order: ConversionOrder, signal: AbortSignal) => Promise<Conversion>;
}

/**
 * Converts images in a thread of its own, so that whoever asks goes on meanwhile. Each conversion
 * has a new thread, which ends with it: no memory stays, and no decoder that an image has upset.
 */
export function createConverter(options: ConverterOptions): Converter {
  let code: CompiledCode = {};
  let turn: Promise<unknown> = Promise.resolve();

  return {
    convert(order, signal) {
      const next = turn.then(async () => {
        if (signal.aborted) throw cancelled();
        const done = await runWorker(options, code, order, signal);
        ({ code } = done);
        return { images: done.images, losesProvenance: done.losesProvenance };
      });
      turn = next.catch(() => undefined);
      // Whoever leaves waits for no other's turn.
      return orAborted(next, signal);
    },
  };
}

function runWorker(
  { workerPath, codecFiles, limitMs = defaultLimitMs, log }: ConverterOptions,
  code: CompiledCode,
  order: ConversionOrder,
  signal: AbortSignal,
): Promise<Extract<ConverterAnswer, { kind: 'done' }>> {
  const worker = new Worker(workerPath, {
    workerData: { codecFiles, code } satisfies ConverterStart,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    // A decoder tells what it finds; that is of no use in the editor's own log.
    stdout: true,
    stderr: true,
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(() => reject(new ConversionError('tooSlow'))), limitMs);
    let isEnded = false;

    function end(settle: () => void): void {
      if (isEnded) return;
      isEnded = true;
      clearTimeout(timer);
      stop();
      // The next one begins when this one's memory is free.
      void worker.terminate().then(settle, settle);
    }

    const stop = onAbort(signal, () => end(() => reject(cancelled())));
    worker.once('message', (answer: ConverterAnswer) => {
      if (answer.kind === 'done') {
        end(() => resolve(answer));
        return;
      }
      if (answer.reason) log?.(`A conversion was refused: ${answer.reason}`);
      end(() => reject(new ConversionError(answer.problem)));
    });
    worker.once('error', (thrown) => {
      log?.(`The thread of a conversion failed: ${String(thrown)}`);
      end(() => reject(new ConversionError('undecodable', thrown)));
    });
    worker.once('exit', () => end(() => reject(new ConversionError('undecodable'))));
    const bytes = new Uint8Array(order.bytes);
    worker.postMessage({ ...order, bytes }, [bytes.buffer]);
  });
}
