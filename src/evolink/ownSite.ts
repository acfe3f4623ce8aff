const providerHost = 'evolink.ai';

/**
 * Whether an address leads to the provider: over https to its own domain, to the host of the API,
 * or to one below it. Nobody else may be trusted to be who a user pays.
 * @param apiBaseUrl where requests are sent
 */
export function isOwnSite({ protocol, hostname }: URL, apiBaseUrl: string): boolean {
  const own = [providerHost, new URL(apiBaseUrl).hostname];
  const isOwn = own.some((host) => hostname === host || hostname.endsWith(`.${host}`));
  return protocol === 'https:' && isOwn;
}
