import * as vscode from 'vscode';
import type { NetworkSettings } from '../evolink/network.ts';

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
    ? value.filter((entry): entry is string => typeof entry === 'string' && entry !== '')
    : [];
  if (listed.length > 0) return listed;
  const fromEnvironment = process.env['no_proxy'] ?? process.env['NO_PROXY'] ?? '';
  return fromEnvironment.split(/[\s,]+/).filter((entry) => entry !== '');
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** The editor accepts `proxy.example:8080`. */
function withScheme(proxy: string): string {
  return /^[a-z][\w+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}
