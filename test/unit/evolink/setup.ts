import assert from 'node:assert/strict';
import { type Client, createClient } from '../../../src/evolink/client.ts';
import { AppError } from '../../../src/appError.ts';
import type { NetworkSettings } from '../../../src/evolink/network.ts';
import { createTransport, type Transport } from '../../../src/evolink/transport.ts';

/** Straight to the network. */
export const direct: NetworkSettings = {
  isProxyEnabled: true,
  noProxy: [],
  isStrictTls: true,
  useSystemCertificates: false,
};

export const never = new AbortController().signal;

/** The error of work that has to fail as all of this module does. */
export async function failure(work: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await work.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof AppError)) throw thrown;
  return thrown;
}

export interface TestClient {
  client: Client;
  transport: Transport;
  log: string[];
}

export function makeClient(apiBaseUrl: string, apiKey: string | undefined): TestClient {
  const log: string[] = [];
  const transport = createTransport({
    baseUrls: () => [apiBaseUrl],
    network: () => direct,
    env: {},
    userAgent: 'image-studio-test/1',
  });
  const client = createClient({
    transport,
    apiBaseUrl: () => apiBaseUrl,
    apiKey: () => Promise.resolve(apiKey),
    log: (line) => log.push(line),
  });
  return { client, transport, log };
}
