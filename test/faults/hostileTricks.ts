import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Trick } from './hostileProxy.ts';

const megabyte = 1024 * 1024;

/** Every call of the product but the download of a result, which has no key. */
export const apiRoutes = [
  'POST /v1/images/generations',
  'GET /v1/tasks/',
  'POST /v1/tasks/batch',
  'GET /v1/tasks?',
  'GET /v1/credits',
];
export const fileRoutes = [
  'POST /api/v1/files/upload/stream',
  'DELETE /api/v1/files/',
  'GET /api/v1/files/list',
  'GET /api/v1/files/quota',
];

function answer(body: string | Buffer, headers: Record<string, string> = {}, status = 200): Trick {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
}

/** As fast as it is taken, until nobody takes any more. */
function endless(head: string, again: string, status = 200): Trick {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.write(head);
    const piece = Buffer.alloc(65_536, again);
    const go = (): void => {
      while (!response.destroyed) if (!response.write(piece)) break;
    };
    response.on('drain', go);
    go();
  };
}

function echo(status: number, spell: (key: string) => string): Trick {
  return ({ headers }: IncomingMessage, response: ServerResponse) => {
    const key = (headers.authorization ?? '').replace('Bearer ', '');
    const message = `Incorrect API key provided: ${spell(key)}`;
    const body = JSON.stringify({ error: { code: spell(key), message, type: spell(key) } });
    response.writeHead(status, { 'x-request-id': spell(key) }).end(body);
  };
}

const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
const zeros = () => Buffer.alloc(200 * megabyte);
/** By what each answers with. They are made when they are played: some are large. */
export const tricks: readonly [string, () => Trick][] = [
  ['the key in its words', () => echo(500, (key) => key)],
  ['the key in base64', () => echo(500, (key) => Buffer.from(key).toString('base64'))],
  ['the key as a success', () => echo(200, (key) => key)],
  ['the whole header of the key', () => echo(503, (key) => `Bearer ${key}`)],
  ['an answer without end', () => endless('{"id":"', 'x')],
  ['a refusal without end', () => endless('{"error":{"message":"', ' ', 500)],
  ['200 MB packed by gzip', () => answer(gzipSync(zeros()), { 'content-encoding': 'gzip' })],
  [
    '200 MB packed by brotli',
    () => answer(brotliCompressSync(zeros(), quick), { 'content-encoding': 'br' }),
  ],
  ['two packings', () => answer(gzipSync(gzipSync('{}')), { 'content-encoding': 'gzip, gzip' })],
  ['JSON of 300,000 levels', () => answer('['.repeat(300_000))],
  ['closed JSON of 100,000 levels', () => answer('{"a":'.repeat(1e5) + '1' + '}'.repeat(1e5))],
  [
    'an error of blanks',
    () => answer(JSON.stringify({ error: { message: ' '.repeat(80_000) } }), {}, 500),
  ],
  ['odd characters', () => answer('{"id":"\\ud800\\u0000\\u202e\\ud83d","status":"\\udfff"}')],
  ['bytes that are no text', () => answer(randomBytes(50_000))],
  ['numbers beyond all numbers', () => answer('{"id":1e999,"progress":-1e999,"status":1e999}')],
  [
    'names of the language',
    () => answer('{"__proto__":{"id":"x"},"constructor":1,"toString":null}'),
  ],
  [
    '100,000 fields',
    () =>
      answer(
        JSON.stringify(Object.fromEntries(Array.from({ length: 1e5 }, (_, n) => [String(n), n]))),
      ),
  ],
  [
    'headers of 1 MB',
    () =>
      answer(
        '{}',
        Object.fromEntries(
          Array.from({ length: 15 }, (_, n) => [`x-${String(n)}`, 'y'.repeat(70_000)]),
        ),
      ),
  ],
  ['a redirect to another host', () => answer('', { location: 'https://thief.invalid/' }, 307)],
  ['a redirect to itself', () => answer('', { location: '/v1/images/generations' }, 308)],
];

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script/></svg>';
/** By what a result is said to be: its address, and what is there when it is one of the proxy's own. */
export const misleadingResults: readonly [string, string, Trick?][] = [
  ['the metadata of a cloud', 'http://169.254.169.254/latest/meta-data/'],
  ['a router', 'https://192.168.0.1/reboot'],
  ['a router by IPv6', 'https://[::ffff:c0a8:1]/reboot'],
  ['http', 'http://example.com/a.png'],
  ['a circle', '/own/circle', answer('', { location: '/own/circle' }, 302)],
  ['a redirect into the network', '/own/in', answer('', { location: 'http://10.0.0.1/' }, 302)],
  ['an SVG', '/own/svg', answer(svg, { 'content-type': 'image/svg+xml' })],
  ['a page', '/own/page', answer('<!doctype html>', { 'content-type': 'image/png' })],
  ['nothing', '/own/nothing', answer('')],
  ['a file without end', '/own/endless', endless('', '\0')],
];
