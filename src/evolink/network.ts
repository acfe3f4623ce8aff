import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';

/** What decides the way to the network. Mirrors the editor's `http.*` settings and environment. */
export interface NetworkSettings {
  /** `http.proxySupport`; `off` means straight to the network, whatever else is set. */
  isProxyEnabled: boolean;
  /** `http.proxy`, for both http and https; the environment's variables when absent. */
  proxy?: string;
  /** `http.noProxy`, or NO_PROXY. */
  noProxy: readonly string[];
  /** `http.proxyAuthorization`: the value of the Proxy-Authorization header. */
  proxyAuthorization?: string;
  /** `http.proxyStrictSSL`: whether certificates behind a proxy are checked; others always are. */
  isStrictTls: boolean;
  /** `http.systemCertificates`. */
  useSystemCertificates: boolean;
}

export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

interface Proxies {
  http: string | undefined;
  https: string | undefined;
}

/** The proxies that apply, the setting before the environment, as the editor does it. */
export function proxiesOf(network: NetworkSettings, env: ProxyEnvironment): Proxies {
  if (!network.isProxyEnabled) return { http: undefined, https: undefined };
  if (network.proxy) return { http: network.proxy, https: network.proxy };
  const http = withScheme(env['http_proxy'] || env['HTTP_PROXY']);
  const https = withScheme(env['https_proxy'] || env['HTTPS_PROXY']) ?? http;
  return { http, https };
}

/** Other programs take `proxy.example:8080` from the environment, so people write it so. */
function withScheme(proxy: string | undefined): string | undefined {
  if (!proxy) return undefined;
  return /^[a-z][\w+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

/**
 * undici knows nothing of the editor's settings; this dispatcher does.
 * @param lookup finds the addresses of hosts that are connected to without a proxy.
 */
export async function createDispatcher(
  network: NetworkSettings,
  env: ProxyEnvironment,
  timeouts: { connectMs: number; headersMs: number; bodyIdleMs: number },
  lookup?: LookupFunction,
): Promise<Dispatcher> {
  // Loaded here and not before: half a megabyte that only someone who draws needs.
  const { Agent, EnvHttpProxyAgent } = await import('undici');
  const trusted = network.useSystemCertificates ? { ca: await certificates() } : {};
  // A proxy that reads along shows certificates of its own; without one there is no reason for them.
  const tls = { ...trusted, rejectUnauthorized: network.isStrictTls };
  const options = {
    connect: { ...trusted, timeout: timeouts.connectMs, ...(lookup && { lookup }) },
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.bodyIdleMs,
  };
  const proxies = proxiesOf(network, env);
  if (!proxies.http && !proxies.https) return new Agent(options);
  return new EnvHttpProxyAgent({
    ...options,
    // An empty string keeps undici from reading the environment by itself.
    httpProxy: proxies.http ?? '',
    httpsProxy: proxies.https ?? '',
    noProxy: bypassList(network.noProxy),
    requestTls: tls,
    proxyTls: tls,
    ...(network.proxyAuthorization && { token: network.proxyAuthorization }),
  });
}

/** Hosts to go to directly, for undici; to the editor and curl a domain also means all below it. */
export function bypassList(noProxy: readonly string[]): string {
  if (noProxy.includes('*')) return '*';
  return noProxy.flatMap((host) => (/^[.*]/.test(host) ? host : [host, `.${host}`])).join(',');
}

/** The certificates of Node, of NODE_EXTRA_CA_CERTS and of the machine. */
async function certificates(): Promise<string[]> {
  const tls = await import('node:tls');
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
}

/** For people and logs: a proxy's address without its password. */
export function withoutPassword(proxy: string): string {
  if (!URL.canParse(proxy)) return proxy.replace(/^.*@/, '');
  const url = new URL(proxy);
  return `${url.protocol}//${url.host}`;
}
