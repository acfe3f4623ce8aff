/** A proxy, from an address as people write it. */
export interface ProxyAddress {
  kind: 'http' | 'https' | 'socks4' | 'socks5';
  /** Without a name or password, for messages and for connecting. */
  url: string;
  /** In brackets when it is an IPv6 address. */
  hostname: string;
  port: number;
  user: string;
  password: string;
}

const kinds: Record<string, ProxyAddress['kind']> = {
  http: 'http',
  https: 'https',
  // Names are looked up by the proxy, as the editor has it, whatever the letter at the end.
  socks: 'socks5',
  socks5: 'socks5',
  socks5h: 'socks5',
  socks4: 'socks4',
  socks4a: 'socks4',
};
const usualPorts = { http: 80, https: 443, socks4: 1080, socks5: 1080 };

/**
 * Reads `scheme://user:password@host:port`. A password may contain any sign, escaped or not: the
 * last `@` ends it. @throws TypeError for what is no address of a proxy.
 */
export function parseProxy(address: string): ProxyAddress {
  const { scheme, credentials, rest } = partsOf(address);
  const kind = Object.hasOwn(kinds, scheme) ? kinds[scheme] : undefined;
  if (!kind) throw new TypeError(`${scheme}:// is not the scheme of a proxy`);
  const { hostname, port } = new URL(`http://${rest}`);
  // The usual port of http is dropped by a URL, and is another one's own.
  const isGiven = /^[^/?#]*:80(?!\d)/.test(rest.replace(/^\[[^\]]*\]/, ''));
  const number = port === '' ? (isGiven ? 80 : usualPorts[kind]) : Number(port);
  const colon = credentials.indexOf(':');
  const user = colon === -1 ? credentials : credentials.slice(0, colon);
  return {
    kind,
    url: withoutPassword(address),
    hostname,
    port: number,
    user: unescaped(user),
    password: colon === -1 ? '' : unescaped(credentials.slice(colon + 1)),
  };
}

/** For people and logs: a proxy's address without its password. */
export function withoutPassword(proxy: string): string {
  const { scheme, rest } = partsOf(proxy);
  const host = scheme === '' ? rest : rest.replace(/[/?#].*$/s, '');
  const plain = scheme === '' ? host : `${scheme}://${host}`;
  return URL.canParse(plain) ? plain : host;
}

/** Other programs take `proxy.example:8080`, so people write it so. */
export function withScheme(proxy: string): string {
  return /^[a-z][\w+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

function partsOf(address: string): { scheme: string; credentials: string; rest: string } {
  const [, scheme = ''] = /^([a-z][\w+.-]*):\/\//i.exec(address) ?? [];
  const authority = scheme === '' ? address : address.slice(scheme.length + 3);
  const at = authority.lastIndexOf('@');
  return {
    scheme: scheme.toLowerCase(),
    credentials: at === -1 ? '' : authority.slice(0, at),
    rest: authority.slice(at + 1),
  };
}

/** What is no valid escape stays as it is. */
function unescaped(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
