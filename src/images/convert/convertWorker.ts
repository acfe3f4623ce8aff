import { parentPort, workerData } from 'node:worker_threads';
import { createCodecs } from './codecs.ts';
import { ConversionError } from './conversionError.ts';
import { type ConversionOrder, convertPixels } from './convertPixels.ts';
import type { ConverterAnswer, ConverterStart } from './converter.ts';

/** The thread of one conversion: what its decoder leaves behind ends with it. */
async function answer(order: ConversionOrder): Promise<ConverterAnswer> {
  const { codecFiles, code } = workerData as ConverterStart;
  try {
    const done = await convertPixels(order, createCodecs(codecFiles, code));
    return { kind: 'done', ...done, code };
  } catch (thrown) {
    if (thrown instanceof ConversionError)
      return { kind: 'refused', problem: thrown.problem, reason: reasonOf(thrown.cause) };
    throw thrown;
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : '';
}

parentPort?.once('message', (order: ConversionOrder) => {
  void answer(order).then((given) => parentPort?.postMessage(given));
});
