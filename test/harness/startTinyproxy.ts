import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installDebian } from './installDebian.ts';
import { startOwnedProcess } from './ownedProcess.ts';

export interface TinyproxyOptions {
  /** A free one by default. Given, a proxy that was stopped can come back at its place. */
  port?: number;
  /** With a password, requests without it are refused. */
  user?: string;
  password?: string;
}

/** A real proxy program, between the editor and servers on this machine. */
export interface Tinyproxy {
  readonly port: number;
  /** Without user and password. */
  readonly url: string;
  /** With them, when there are some. */
  readonly urlWithPassword: string;
  /** The value of a `Proxy-Authorization` header, or of `http.proxyAuthorization`. */
  readonly authorization: string | undefined;
  /** All that the proxy has written; one line for each connection it made. */
  log(): Promise<string>;
  /** The `host:port` of each tunnel that was asked for, in order. */
  tunnels(): Promise<string[]>;
  stop(): Promise<void>;
}

const startMs = 10_000;

/** Starts Debian's tinyproxy, installing it when it is missing. */
export async function startTinyproxy(options: TinyproxyOptions = {}): Promise<Tinyproxy> {
  const program = await installDebian('tinyproxy-bin', 'tinyproxy');
  const port = options.port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'tinyproxy-'));
  const configPath = join(folder, 'tinyproxy.conf');
  await writeFile(configPath, configuration(port, options));
  const server = await startOwnedProcess(program, ['-d', '-c', configPath], {
    logPath: join(folder, 'tinyproxy.log'),
  });
  // In the foreground it logs to its standard output, which outlives the folder in this string.
  let lastLog = '';
  const log = async () => {
    lastLog = await readFile(server.logPath, 'utf8').catch(() => lastLog);
    return lastLog;
  };
  try {
    await server.waitForLog(/Accepting connections/, startMs);
  } catch (error) {
    await server.kill();
    throw error;
  }
  const { user, password } = options;
  const hasPassword = user !== undefined && password !== undefined;
  const account = hasPassword ? `${encodeURIComponent(user)}:${encodeURIComponent(password)}@` : '';
  return {
    port,
    url: `http://127.0.0.1:${String(port)}`,
    urlWithPassword: `http://${account}127.0.0.1:${String(port)}`,
    authorization: hasPassword
      ? `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
      : undefined,
    log,
    tunnels: async () =>
      [...(await log()).matchAll(/Request \(file descriptor \d+\): CONNECT (\S+)/g)].map(
        (match) => match[1] as string,
      ),
    stop: async () => {
      await server.stop();
      await log();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(port: number, options: TinyproxyOptions): string {
  const lines = [
    `Port ${String(port)}`,
    'Listen 127.0.0.1',
    'Allow 127.0.0.1',
    'Timeout 60',
    'MaxClients 50',
    'LogLevel Info',
    // Without a ConnectPort line, tunnels to every port are allowed.
  ];
  if (options.user !== undefined && options.password !== undefined) {
    lines.push(`BasicAuth ${options.user} ${options.password}`);
  }
  return `${lines.join('\n')}\n`;
}

/** A port that nobody listens on; tinyproxy itself cannot choose one. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port was free');
  return address.port;
}
