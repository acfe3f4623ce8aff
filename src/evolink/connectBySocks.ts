import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { ProxyAddress } from './proxyAddress.ts';

export interface SocksTarget {
  /** The proxy looks it up, so that a name need not be known here. */
  hostname: string;
  port: number;
}

const maxFieldBytes = 255;

/**
 * A connection through a SOCKS proxy: version 5, or 4a. Nothing but the greeting was sent when it
 * fails. @throws Error that speaks of the proxy's response, or the socket's own
 */
export async function connectBySocks(
  proxy: ProxyAddress,
  target: SocksTarget,
  limitMs: number,
): Promise<Socket> {
  const socket = connect({ host: bare(proxy.hostname), port: proxy.port });
  const tooLong = setTimeout(() => {
    const error = new Error('Proxy response: none in time');
    socket.destroy(Object.assign(error, { code: 'UND_ERR_CONNECT_TIMEOUT' }));
  }, limitMs);
  try {
    await once(socket, 'connect');
    const greet = proxy.kind === 'socks4' ? greetVersion4 : greetVersion5;
    await greet(socket, proxy, { ...target, hostname: bare(target.hostname) });
    return socket;
  } catch (thrown) {
    // What comes late has nobody to tell.
    socket.on('error', () => undefined).destroy();
    throw thrown;
  } finally {
    clearTimeout(tooLong);
  }
}

async function greetVersion5(
  socket: Socket,
  { user, password }: ProxyAddress,
  target: SocksTarget,
): Promise<void> {
  const hasPassword = user !== '' || password !== '';
  socket.write(Uint8Array.from(hasPassword ? [5, 2, 0, 2] : [5, 1, 0]));
  const [version, method] = await take(socket, 2);
  if (version !== 5) throw refusal('it does not speak SOCKS 5');
  if (method === 2 && hasPassword) {
    socket.write(Buffer.concat([Uint8Array.of(1), field(user), field(password)]));
    const [, status] = await take(socket, 2);
    if (status !== 0) throw refusal('the password is refused');
  } else if (method !== 0) throw refusal('it wants a password');
  socket.write(Buffer.concat([Uint8Array.of(5, 1, 0), addressOf(target.hostname), portOf(target)]));
  const [, status = -1, , kind] = await take(socket, 4);
  if (status !== 0) throw refusal(reasons[status] ?? `error ${String(status)}`);
  const [length = 0] = kind === 3 ? await take(socket, 1) : [kind === 4 ? 16 : 4];
  await take(socket, length + 2);
}

async function greetVersion4(
  socket: Socket,
  { user }: ProxyAddress,
  target: SocksTarget,
): Promise<void> {
  const isAddress = isIP(target.hostname) === 4;
  // An address that cannot be says that a name follows.
  const address = isAddress ? ipaddr.parse(target.hostname).toByteArray() : [0, 0, 0, 1];
  const name = isAddress ? '' : `${target.hostname}\0`;
  const head = [Uint8Array.of(4, 1), portOf(target), Uint8Array.from(address)];
  socket.write(Buffer.concat([...head, Buffer.from(`${user.replaceAll('\0', '')}\0${name}`)]));
  const [, status = -1] = await take(socket, 8);
  if (status !== 90) throw refusal(`error ${String(status)}`);
}

function addressOf(hostname: string): Uint8Array {
  const version = isIP(hostname);
  if (version === 0) return Buffer.concat([Uint8Array.of(3), field(hostname)]);
  return Uint8Array.from([version === 4 ? 1 : 4, ...ipaddr.parse(hostname).toByteArray()]);
}

function portOf({ port }: SocksTarget): Uint8Array {
  return Uint8Array.of(port >> 8, port & 255);
}

/** A text with its length before it. */
function field(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  if (bytes.length > maxFieldBytes) throw refusal('a name or password is too long for it');
  return Buffer.concat([Uint8Array.of(bytes.length), bytes]);
}

/** Exactly so many bytes; what follows them stays in the socket. */
async function take(socket: Socket, count: number): Promise<Uint8Array> {
  for (;;) {
    const bytes = socket.read(count) as Buffer | null;
    if (bytes?.length === count) return bytes;
    if (bytes !== null || socket.readableEnded || socket.destroyed)
      throw refusal('it ends the connection');
    await moreOf(socket);
  }
}

async function moreOf(socket: Socket): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  try {
    await Promise.race([
      once(socket, 'readable', { signal }),
      once(socket, 'end', { signal }),
      once(socket, 'close', { signal }),
    ]);
  } finally {
    controller.abort();
  }
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

const reasons: Record<number, string> = {
  1: 'it failed',
  2: 'its rules forbid it',
  3: 'the network cannot be reached',
  4: 'the host cannot be reached',
  5: 'the host refuses the connection',
  6: 'it took too long',
  7: 'it does not connect',
  8: 'it does not take such an address',
};

/** The words by which a failure is known to be the proxy's. */
function refusal(reason: string): Error {
  return new Error(`Proxy response: ${reason}`);
}
