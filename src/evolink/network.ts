import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import { connectBySocks } from './connectBySocks.ts';
import { isExempt } from './noProxy.ts';
import { parseProxy, type ProxyAddress, withScheme } from './proxyAddress.ts';

/** What decides the way to the network. Mirrors the editor's `http.*` settings and environment. */
export interface NetworkSettings {
  /** `http.proxySupport`; `off` means straight to the network, whatever else is set. */
  isProxyEnabled: boolean;
  /** `http.proxy`, for both http and https; the environment's variables when absent. */
  proxy?: string;
  /** `http.noProxy`, or NO_PROXY: hosts and networks as `isExempt` takes them. */
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
  const http = fromVariable(env['http_proxy'] || env['HTTP_PROXY']);
  const https = fromVariable(env['https_proxy'] || env['HTTPS_PROXY']) ?? http;
  const all = fromVariable(env['all_proxy'] || env['ALL_PROXY']);
  return { http: http ?? all, https: https ?? all };
}

function fromVariable(proxy: string | undefined): string | undefined {
  return proxy ? withScheme(proxy) : undefined;
}

/** The proxy on the way to a URL, if there is one. */
export function proxyFor(
  url: string,
  network: NetworkSettings,
  env: ProxyEnvironment,
): string | undefined {
  const proxies = proxiesOf(network, env);
  const proxy = url.startsWith('https:') ? proxies.https : proxies.http;
  return proxy !== undefined && !isExempt(url, network.noProxy) ? proxy : undefined;
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
  const { Agent, buildConnector, Dispatcher: Router, ProxyAgent } = await import('undici');
  const trusted = network.useSystemCertificates ? { ca: await certificates() } : {};
  // A proxy that reads along shows certificates of its own; without one there is no reason for them.
  const tls = { ...trusted, rejectUnauthorized: network.isStrictTls, timeout: timeouts.connectMs };
  const limits = { headersTimeout: timeouts.headersMs, bodyTimeout: timeouts.bodyIdleMs };
  const connectMs = timeouts.connectMs;
  const direct = new Agent({
    ...limits,
    connect: { ...trusted, timeout: connectMs, ...(lookup && { lookup }) },
  });
  const { http, https } = proxiesOf(network, env);
  const proxies = new Set([http, https].filter((each) => each !== undefined));
  if (proxies.size === 0) return direct;
  const ways = new Map([...proxies].map((proxy) => [proxy, wayThrough(parseProxy(proxy))]));
  const all = () => [direct, ...ways.values()];

  function wayThrough(proxy: ProxyAddress): Dispatcher {
    if (proxy.kind === 'http' || proxy.kind === 'https') {
      const token = network.proxyAuthorization ?? basicAuthorization(proxy);
      const uri = `${proxy.kind}://${proxy.hostname}:${String(proxy.port)}`;
      const given = token === undefined ? {} : { token };
      return new ProxyAgent({ ...limits, uri, requestTls: tls, proxyTls: tls, ...given });
    }
    const secure = buildConnector(tls);
    return new Agent({
      ...limits,
      connect: ({ hostname, port, protocol, ...options }, callback) => {
        const target = { hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
        connectBySocks(proxy, target, connectMs).then(
          (socket) => {
            if (protocol !== 'https:') callback(null, socket);
            else secure({ ...options, hostname, port, protocol, httpSocket: socket }, callback);
          },
          (thrown: unknown) => callback(thrown as Error, null),
        );
      },
    });
  }

  /** Each request by its own way, as the exceptions say. */
  return new (class extends Router {
    override dispatch(...[options, handler]: Parameters<Dispatcher['dispatch']>): boolean {
      const proxy = proxyFor(String(options.origin), network, env);
      return (ways.get(proxy ?? '') ?? direct).dispatch(options, handler);
    }

    override async close(): Promise<void> {
      await Promise.all(all().map((way) => way.close()));
    }

    override async destroy(): Promise<void> {
      await Promise.all(all().map((way) => way.destroy()));
    }
  })();
}

function basicAuthorization({ user, password }: ProxyAddress): string | undefined {
  if (user === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** The certificates of Node, of NODE_EXTRA_CA_CERTS and of the machine. */
async function certificates(): Promise<string[]> {
  const tls = await import('node:tls');
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
}
