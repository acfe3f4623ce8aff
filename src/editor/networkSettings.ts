import * as vscode from 'vscode';
import type { NetworkSettings } from '../evolink/network.ts';
import { withScheme } from '../evolink/proxyAddress.ts';

/** Longer than any address or header. A longer value counts as none. */
const maxTextChars = 8_192;
const maxHosts = 1_000;

/** The editor's `http.*` settings. They are not ours, so every one may be of any type. */
export function readNetworkSettings(): NetworkSettings {
  const http = vscode.workspace.getConfiguration('http');
  const proxy = text(http.get('proxy'));
  const authorization = text(http.get('proxyAuthorization'));
  return {
    isProxyEnabled: http.get<unknown>('proxySupport') !== 'off',
    ...(proxy !== undefined && { proxy: withScheme(proxy) }),
    noProxy: noProxyOf(http.get('noProxy')),
    ...(authorization !== undefined && { proxyAuthorization: authorization }),
    isStrictTls: http.get<unknown>('proxyStrictSSL') !== false,
    useSystemCertificates: http.get<unknown>('systemCertificates') !== false,
  };
}

function noProxyOf(value: unknown): string[] {
  const listed = Array.isArray(value)
    ? value.slice(0, maxHosts).flatMap((entry) => text(entry) ?? [])
    : [];
  if (listed.length > 0) return listed;
  const fromEnvironment = process.env['no_proxy'] || process.env['NO_PROXY'] || '';
  const hosts = fromEnvironment.split(/[\s,;]+/).filter((entry) => entry !== '');
  return hosts.slice(0, maxHosts);
}

function text(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > maxTextChars) return undefined;
  return value.trim() || undefined;
}
