import type { LookupAddress } from 'node:dns';
import { lookup as lookupAll } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { EvolinkError } from './errors.ts';

/** The address of a result is none that may be fetched. Nothing was sent; another may be told. */
export class ResultAddressError extends EvolinkError {
  constructor(message: string) {
    super('server', message, { sent: 'no' });
    this.name = 'ResultAddressError';
  }
}

/**
 * Decides where results may be fetched from. What a provider names is fetched by the user's
 * machine, so it must not lead into the user's network: https only, no user name, and no private,
 * link-local or other special address, also after resolving. What the user configured is trusted:
 * the base URLs' own hosts, and all of this machine when the API itself is on it.
 */
export interface ResultAddresses {
  /**
   * Looks at the address as it is written.
   * @param from where a redirect came from: it must not lead from https to http.
   * @throws ResultAddressError
   */
  check: (url: string, from?: string) => void;
  /**
   * Looks up a host that someone else will connect to: a proxy, or the editor.
   * @param of how many of its addresses must be allowed: whoever looks it up anew may take any
   * @throws ResultAddressError
   */
  checkResolved: (url: string, of: 'some' | 'every') => Promise<void>;
  /** For connections of our own: gives them those addresses alone that may be connected to. */
  lookup: LookupFunction;
}

/** @param baseUrls of the API and of the file service, read for every address. */
export function createResultAddresses(baseUrls: () => readonly string[]): ResultAddresses {
  /** A setting that is no address makes nothing trusted. */
  const bases = () => baseUrls().flatMap((url) => (URL.canParse(url) ? new URL(url) : []));
  const isApiHere = () => bases().some(({ hostname }) => isThisMachine(hostname));

  function isTrusted(url: URL): boolean {
    return (
      bases().some(({ origin }) => origin === url.origin) ||
      (isApiHere() && isThisMachine(url.hostname))
    );
  }

  function isTrustedHost(hostname: string): boolean {
    return (
      bases().some((base) => base.hostname === hostname) || (isApiHere() && isThisMachine(hostname))
    );
  }

  function check(address: string, from?: string): void {
    const url = new URL(address);
    if (url.username || url.password)
      throw new ResultAddressError('The address of the result has a user name in it');
    if (from?.startsWith('https:') && url.protocol !== 'https:')
      throw new ResultAddressError('The address of the result redirects from https to http');
    if (isTrusted(url)) return;
    if (url.protocol !== 'https:')
      throw new ResultAddressError('The address of the result is not https');
    const ip = bareAddress(url.hostname);
    if (isLocalName(url.hostname) || (isIP(ip) && !isPublicAddress(ip))) throw inside();
  }

  async function checkResolved(address: string, of: 'some' | 'every'): Promise<void> {
    const { hostname } = new URL(address);
    if (isTrustedHost(hostname)) return;
    // Behind a proxy many machines cannot look up the names of the Internet; the proxy can.
    const found = await lookupAll(bareAddress(hostname), { all: true }).catch(() => []);
    const allowed = await allowedOf(found);
    const isEnough = of === 'every' ? allowed.length === found.length : allowed.length > 0;
    if (found.length > 0 && !isEnough) throw inside();
  }

  /** Public ones; where there are none, those of the kind that the API itself is reached by. */
  async function allowedOf(found: LookupAddress[]): Promise<LookupAddress[]> {
    const open = found.filter(({ address }) => isPublicAddress(address));
    if (open.length > 0) return open;
    const ranges = await rangesOfApi();
    return found.filter(({ address }) => ranges.has(rangeOf(address)));
  }

  /**
   * VPNs and resolvers of companies give special addresses to all names of the Internet, and
   * exchange them on the way. Empty where the API has any public address.
   */
  async function rangesOfApi(): Promise<Set<string>> {
    const [api] = bases();
    if (!api || isIP(bareAddress(api.hostname))) return new Set();
    const found = await lookupAll(api.hostname, { all: true }).catch(() => []);
    if (found.some(({ address }) => isPublicAddress(address))) return new Set();
    return new Set(found.map(({ address }) => rangeOf(address)));
  }

  const lookup: LookupFunction = (hostname, options, callback) => {
    const finding = lookupAll(hostname, { ...options, all: true });
    finding
      .then((found) => (isTrustedHost(hostname) ? found : allowedOf(found)))
      .then(
        (allowed) => {
          const [first] = allowed;
          if (!first) callback(inside(), '', 0);
          else if (options.all) callback(null, allowed);
          else callback(null, first.address, first.family);
        },
        (thrown: unknown) => {
          callback(thrown as NodeJS.ErrnoException, '', 0);
        },
      );
  };

  return { check, checkResolved, lookup };
}

const inside = () =>
  new ResultAddressError('The address of the result leads into a private network');

/** Without the brackets that a URL has around IPv6. */
function bareAddress(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function isThisMachine(hostname: string): boolean {
  const ip = bareAddress(hostname);
  return isIP(ip) ? ipaddr.process(ip).range() === 'loopback' : isLocalhost(hostname);
}

function isLocalhost(hostname: string): boolean {
  const name = withoutLastDot(hostname);
  return name === 'localhost' || name.endsWith('.localhost');
}

/** Names without a dot are looked up in the network one is in. */
function isLocalName(hostname: string): boolean {
  if (hostname.startsWith('[')) return false;
  return isLocalhost(hostname) || !withoutLastDot(hostname).includes('.');
}

const withoutLastDot = (hostname: string): string =>
  hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;

/** Addresses of IPv6 with one of IPv4 at their end (RFC 6052, 6145; compatible ones are of RFC 4291). */
const withIpv4AtEnd: readonly string[] = ['rfc6052', 'rfc6145'];
/**
 * Meant for benchmarks, and in use by VPN programs (Clash, Surge) for all names of the Internet:
 * they exchange the address on its way. To refuse it would refuse every result there.
 */
const exchanged = ipaddr.parseCIDR('198.18.0.0/15');

/** The kind of an address; of one of IPv4 that is written as IPv6 (`::ffff:10.0.0.1`), that of IPv4. */
function rangeOf(address: string): string {
  const ip = ipaddr.process(address);
  return `${ip.kind()} ${ip.range()}`;
}

/** Whether a host of the Internet can have this address. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address);
  const range = ip.range();
  if (ip.kind() === 'ipv4') return range === 'unicast' || ip.match(exchanged);
  const bytes = ip.toByteArray();
  const isCompatible = bytes.slice(0, 12).every((byte) => byte === 0);
  if (isCompatible || withIpv4AtEnd.includes(range))
    return isPublicAddress(bytes.slice(12).join('.'));
  if (range === '6to4') return isPublicAddress(bytes.slice(2, 6).join('.'));
  return range === 'unicast';
}
