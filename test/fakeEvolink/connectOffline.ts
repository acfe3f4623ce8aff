/** The offline EvoLink of another process, with the same interface as one in this process. */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { ControlCall } from './controlServer.ts';
import type { OfflineApi, OfflineUrls } from './types.ts';

interface Reply {
  readonly value?: unknown;
  readonly error?: string;
}

// Not `fetch`: a test that watches or replaces the global one must not see this.
async function ask(
  method: 'GET' | 'POST',
  url: string,
  args: readonly unknown[],
): Promise<unknown> {
  const outgoing = request(url, { method, agent: false });
  outgoing.end(method === 'POST' ? JSON.stringify(args) : undefined);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const reply: unknown = JSON.parse(await text(response));
  const { error } = reply as Reply;
  if (error !== undefined) throw new Error(`The offline EvoLink refused: ${error}`);
  return reply;
}

/** Connects to the control origin of a running server. */
export async function connectOffline(controlUrl: string): Promise<OfflineApi> {
  const base = `${controlUrl.replace(/\/$/, '')}/__offline`;
  const about = (await ask('GET', `${base}/about`, [])) as { urls: OfflineUrls; key: string };
  const call = async <Value>(name: ControlCall, ...args: unknown[]): Promise<Value> => {
    const reply = (await ask('POST', `${base}/${name}`, args)) as Reply;
    return reply.value as Value;
  };
  return {
    ...about,
    log: (filter) => call('log', ...(filter === undefined ? [] : [filter])),
    tasks: () => call('tasks'),
    files: () => call('files'),
    billing: () => call('billing'),
    fault: (rule) => call('fault', rule),
    faults: () => call('faults'),
    clearFaults: () => call('clearFaults'),
    configure: (change) => call('configure', change),
    now: () => call('now'),
    advanceClock: (ms) => call('advanceClock', ms),
    connections: () => call('connections'),
    dropConnections: () => call('dropConnections'),
    reset: () => call('reset'),
    close: () => call('close'),
  };
}
