/** `npm run api`: the offline EvoLink as a program. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startOfflineApi } from './startOfflineApi.ts';
import type { OfflineApi, OfflineOptions } from './types.ts';

const usage = `Usage: npm run api -- [options]

  --port <n>         first of four ports: api, files, media, control (default: any free ones)
  --task-ms <n>      how long a task takes, in milliseconds (default 8000)
  --jitter <ratio>   how much that varies, 0 to 1 (default 0.3)
  --credits <n>      what the account holds (default 1000)
  --fast             tiny images instead of handsome ones
  --seed <n>         repeats a run
  --tls-key <file>   speak https with this key
  --tls-cert <file>  and this certificate
  --json             print one line of JSON instead of text
`;

function readFlags() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'task-ms': { type: 'string', default: '8000' },
      jitter: { type: 'string', default: '0.3' },
      credits: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      fast: { type: 'boolean', default: false },
      'tls-key': { type: 'string' },
      'tls-cert': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return values;
}

type Flags = ReturnType<typeof readFlags>;

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new Error(`--${name} must be a number, 0 or more, not "${text}"`);
}

function tlsOf(flags: Flags): Pick<OfflineOptions, 'tls'> {
  const { 'tls-key': key, 'tls-cert': cert } = flags;
  if (key === undefined && cert === undefined) return {};
  if (key === undefined || cert === undefined)
    throw new Error('https needs --tls-key and --tls-cert');
  return { tls: { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') } };
}

function optionsOf(flags: Flags): OfflineOptions {
  const port = numberOf('port', flags.port);
  const ports = { api: port, files: port + 1, media: port + 2, control: port + 3 };
  return {
    ...(port === 0 ? {} : { ports }),
    ...tlsOf(flags),
    taskMs: numberOf('task-ms', flags['task-ms']),
    jitter: numberOf('jitter', flags.jitter),
    credits: numberOf('credits', flags.credits),
    seed: numberOf('seed', flags.seed),
    drawing: flags.fast ? 'fast' : 'full',
  };
}

function describe(api: OfflineApi): string {
  const { urls, key } = api;
  return `The offline EvoLink is running; nothing leaves this machine and nothing is billed.

  api      ${urls.api}
  files    ${urls.files}
  media    ${urls.media}
  control  ${urls.control}
  key      ${key}

To use it, put this into your user settings and run "Image Studio: Set API Key…":

  "imageStudio.apiBaseUrl": "${urls.api}",
  "imageStudio.filesBaseUrl": "${urls.files}"

Ctrl+C ends it.`;
}

async function main(): Promise<void> {
  const flags = readFlags();
  if (flags.help) {
    console.log(usage);
    return;
  }
  const api = await startOfflineApi(optionsOf(flags));
  console.log(flags.json ? JSON.stringify({ ...api.urls, key: api.key }) : describe(api));
  const end = (): void => {
    void api.close();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.error(usage);
  process.exitCode = 1;
});
