import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';

/** A host, or a part of the network, that is gone to without a proxy. */
type Exception = (hostname: string, port: string) => boolean;

/** More than anybody writes. */
const maxExceptions = 1_000;
const usualPorts: Record<string, string> = { 'http:': '80', 'https:': '443' };

/**
 * Whether an address is gone to without a proxy. Exceptions are hosts and all below them, `.corp`,
 * `*.corp`, `10.*`, addresses, and networks as `10.0.0.0/8`, each with a port or without; `*` is all.
 */
export function isExempt(url: string, noProxy: readonly string[]): boolean {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase();
  const askedPort = port || (usualPorts[protocol] ?? '');
  return noProxy
    .slice(0, maxExceptions)
    .some((entry) => entry !== '' && parseException(entry)(host, askedPort));
}

function parseException(entry: string): Exception {
  const text = entry
    .trim()
    .replace(/^[a-z]+:\/\//i, '')
    .toLowerCase();
  if (text === '*') return () => true;
  const network = parseNetwork(text);
  if (network) return (host) => isIn(host, network);
  const { name, port } = splitPort(text);
  const isName = nameTest(name);
  return (host, askedPort) => (port === '' || port === askedPort) && isName(host);
}

function parseNetwork(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  const plain = text.replace(/[[\]]/g, '');
  return ipaddr.isValidCIDR(plain) ? ipaddr.parseCIDR(plain) : undefined;
}

function isIn(host: string, [network, bits]: [ipaddr.IPv4 | ipaddr.IPv6, number]): boolean {
  if (isIP(host) === 0) return false;
  const address = ipaddr.process(host);
  return address.kind() === network.kind() && address.match(network, bits);
}

/** `host:8080`, `[::1]:8080`; an IPv6 address without brackets has colons of its own. */
function splitPort(text: string): { name: string; port: string } {
  const [, bracketed, portBehind = ''] = /^\[([^\]]*)\](?::(\d+))?$/.exec(text) ?? [];
  if (bracketed !== undefined) return { name: bracketed, port: portBehind };
  if (isIP(text) !== 0) return { name: text, port: '' };
  const [, name = text, port = ''] = /^([^:]*):(\d+)$/.exec(text) ?? [];
  return { name, port };
}

function nameTest(name: string): (host: string) => boolean {
  if (isIP(name) !== 0) {
    const wanted = ipaddr.process(name).toString();
    return (host) => isIP(host) !== 0 && ipaddr.process(host).toString() === wanted;
  }
  // Beginnings are of addresses: `192.168.*`.
  if (/^[\d.]+\*$/.test(name))
    return (host) => isIP(host) === 4 && host.startsWith(name.slice(0, -1));
  const domain = domainToASCII(name.replace(/^\*?\.|\.$/g, ''));
  return (host) => domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}
