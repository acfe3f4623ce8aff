/** Sends an answer, whole or as a fault changes it. */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './answer.ts';
import type { Fault, ResetPhase } from './faults.ts';
import type { OriginServer } from './originServer.ts';

export interface Delivery {
  readonly response: ServerResponse;
  readonly answer: Answer;
  readonly server: OriginServer;
}

/** A reset overtakes what the other side has not read yet, so it waits a moment. */
const beforeResetMs = 25;
const mebibyte = 1024 * 1024;

type Length = 'whole' | 'none' | number;

function writeHead({ response, answer }: Delivery, length: Length = 'whole'): void {
  const bytes = length === 'whole' ? answer.body.length : length;
  const lengthHeader = bytes === 'none' ? {} : { 'content-length': String(bytes) };
  response.writeHead(answer.status, { ...answer.headers, ...lengthHeader });
  response.flushHeaders();
}

/** Waits until the bytes have left, or the connection is closed. */
async function write(response: ServerResponse, bytes: Buffer): Promise<void> {
  if (response.destroyed || bytes.length === 0) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('close', done);
      resolve();
    };
    response.once('close', done);
    response.write(bytes, done);
  });
}

/** Sends the answer as it is. */
export function sendWhole(delivery: Delivery): void {
  writeHead(delivery);
  delivery.response.end(delivery.answer.body);
}

async function reset(delivery: Delivery, at: ResetPhase): Promise<void> {
  const { response, answer, server } = delivery;
  if (at === 'afterHeaders') writeHead(delivery);
  if (at === 'duringBody') {
    writeHead(delivery);
    await write(response, answer.body.subarray(0, Math.ceil(answer.body.length / 2)));
  }
  if (at === 'afterBody') {
    writeHead(delivery);
    await write(response, answer.body);
  }
  if (at !== 'afterRequest') await sleep(beforeResetMs);
  server.reset(response.req);
}

async function hang(delivery: Delivery, part: 'headers' | 'half' | undefined): Promise<void> {
  if (part !== undefined) writeHead(delivery);
  if (part === 'half') {
    const { body } = delivery.answer;
    await write(delivery.response, body.subarray(0, Math.ceil(body.length / 2)));
  }
}

async function drip(delivery: Delivery, fault: Fault & { kind: 'slow' }): Promise<void> {
  const { response, answer } = delivery;
  const { chunkBytes = 1024, everyMs = 20, firstByteMs = 0 } = fault;
  await sleep(firstByteMs);
  writeHead(delivery);
  for (let at = 0; at < answer.body.length && !response.destroyed; at += chunkBytes) {
    await write(response, answer.body.subarray(at, at + chunkBytes));
    await sleep(everyMs);
  }
  response.end();
}

async function truncate(delivery: Delivery, fault: Fault & { kind: 'truncated' }): Promise<void> {
  const { response, answer } = delivery;
  const part = answer.body.subarray(0, Math.floor(answer.body.length * (fault.keepRatio ?? 0.5)));
  const promised = fault.contentLength ?? 'whole';
  writeHead(delivery, promised === 'cut' ? part.length : promised);
  await write(response, part);
  if (promised !== 'whole') {
    response.end();
    return;
  }
  // Ends the connection in order, before the promised length.
  await sleep(beforeResetMs);
  response.socket?.end();
}

async function oversize(delivery: Delivery, fault: Fault & { kind: 'oversized' }): Promise<void> {
  const { response, answer } = delivery;
  const sizeBytes = Math.max(fault.sizeBytes ?? 64 * mebibyte, answer.body.length);
  writeHead(delivery, fault.chunked === true ? 'none' : sizeBytes);
  await write(response, answer.body);
  const zeros = Buffer.alloc(mebibyte);
  let left = sizeBytes - answer.body.length;
  for (; left > 0 && !response.destroyed; left -= zeros.length) {
    await write(response, zeros.subarray(0, left));
  }
  response.end();
}

/** Sends the answer with its fault. @returns whether it left whole. */
export async function deliver(delivery: Delivery, fault: Fault | undefined): Promise<boolean> {
  switch (fault?.kind) {
    case 'reset':
      await reset(delivery, fault.at);
      return fault.at === 'afterBody';
    case 'hang':
      await hang(delivery, fault.part);
      return false;
    case 'slow':
      await drip(delivery, fault);
      return true;
    case 'truncated':
      await truncate(delivery, fault);
      return false;
    case 'oversized':
      await oversize(delivery, fault);
      return false;
    default:
      sendWhole(delivery);
      return true;
  }
}
