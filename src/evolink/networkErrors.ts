import { EvolinkError } from './errors.ts';
import { parseProxy } from './proxyAddress.ts';

/**
 * Connecting failed, so no byte of a request left; unless the error says that it was another call
 * that failed: the system tells most of these of connections in use as well (a machine that wakes).
 */
const notConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const tooSlow = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
]);

/** The system's calls before a connection stands. */
const connectingCalls = new Set(['connect', 'getaddrinfo']);

/** The handshake failed, so no byte of a request left either. */
const badCertificate =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH)/;

/** What Node says when the other side goes away during the handshake; it has no code of its own. */
const endedInHandshake = /before secure TLS connection was established/i;

/** Whether a failure happened before anything was sent. */
export function wasNothingSent(thrown: unknown): boolean {
  if (isUnconnected(thrown)) return true;
  if (isCertificateRefused(thrown)) return true;
  return chainOf(thrown).some(({ message }) => endedInHandshake.test(message));
}

/** Whether the other side's certificate was not trusted. */
export function isCertificateRefused(thrown: unknown): boolean {
  return codesOf(thrown).some((code) => badCertificate.test(code));
}

/** Whether no connection was made. An error without a call counts by what lies below it. */
function isUnconnected(thrown: unknown): boolean {
  const calls = chainOf(thrown).map((error) => (error as { syscall?: unknown }).syscall);
  if (calls.some((call) => typeof call === 'string' && !connectingCalls.has(call))) return false;
  return codesOf(thrown).some((code) => notConnected.has(code));
}

/** A failed exchange, told with the proxy it went through, if any. */
export function toNetworkError(thrown: unknown, proxy: string | undefined): EvolinkError {
  if (thrown instanceof EvolinkError) return thrown;
  const codes = codesOf(thrown);
  const sent = wasNothingSent(thrown) ? 'no' : 'maybe';
  if (proxy !== undefined && isAboutProxy(thrown, proxy)) {
    const message = `The proxy ${proxy} cannot be used (${messageOf(thrown)})`;
    return new EvolinkError('network', message, { proxy, sent: 'no' }, thrown);
  }
  if (isCertificateRefused(thrown)) {
    const text = `The server's certificate is not trusted (${messageOf(thrown)})`;
    return new EvolinkError('network', text, { sent, isUntrusted: true }, thrown);
  }
  if (codes.some((code) => tooSlow.has(code))) {
    return new EvolinkError('timeout', 'The server did not answer in time', { sent }, thrown);
  }
  const text = `The connection failed (${messageOf(thrown)})`;
  return new EvolinkError('network', text, { sent }, thrown);
}

/** Whether the proxy is at fault: it refused the tunnel, or could not be reached itself. */
function isAboutProxy(thrown: unknown, proxy: string): boolean {
  if (chainOf(thrown).some((error) => /proxy response/i.test(error.message))) return true;
  if (!isUnconnected(thrown)) return false;
  const { hostname, port } = parseProxy(proxy);
  return chainOf(thrown).some((error) => {
    const where = error as { port?: number; hostname?: string };
    if (where.hostname !== undefined) return where.hostname === hostname;
    if (where.port !== undefined) return where.port === port;
    return error.message.includes(hostname);
  });
}

/** The error with all it was caused by or made of: the socket's own error is what tells. */
export function chainOf(thrown: unknown): Error[] {
  if (!(thrown instanceof Error)) return [];
  const parts = thrown instanceof AggregateError ? (thrown.errors as unknown[]) : [];
  return [thrown, ...parts.flatMap(chainOf), ...chainOf(thrown.cause)];
}

function codesOf(thrown: unknown): string[] {
  return chainOf(thrown).flatMap((error) => {
    const { code } = error as { code?: unknown };
    return typeof code === 'string' ? [code] : [];
  });
}

function messageOf(thrown: unknown): string {
  const worded = chainOf(thrown).find((error) => error.message !== '');
  return codesOf(thrown).at(-1) ?? worded?.message ?? String(thrown);
}
