/** The offline EvoLink: a local server that speaks the provider's wire. */
import { ControlServer } from './controlServer.ts';
import { OriginServer } from './originServer.ts';
import { handleRequest } from './requestFlow.ts';
import type {
  OfflineApi,
  OfflineBehaviour,
  OfflineOptions,
  OfflineUrls,
  OriginName,
} from './types.ts';
import { ServerState } from './serverState.ts';

const originNames: readonly OriginName[] = ['api', 'files', 'media'];

function makeOrigins(
  serverState: ServerState,
  options: OfflineOptions,
): Record<OriginName, OriginServer> {
  const make = (origin: OriginName): OriginServer => {
    const server: OriginServer = new OriginServer({
      port: options.ports?.[origin] ?? 0,
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      onRequest: (request, response) => {
        handleRequest(serverState, server, origin, request, response);
      },
      isRefused: () =>
        serverState.behaviour.offline !== false || serverState.faults.takeAccept(origin),
    });
    return server;
  };
  return { api: make('api'), files: make('files'), media: make('media') };
}

class LocalOfflineApi implements OfflineApi {
  readonly #state: ServerState;
  readonly #origins: Record<OriginName, OriginServer>;
  readonly #control: ControlServer;
  #isClosed = false;

  constructor(
    serverState: ServerState,
    origins: Record<OriginName, OriginServer>,
    controlPort: number,
  ) {
    this.#state = serverState;
    this.#origins = origins;
    this.#control = new ControlServer(this, controlPort);
  }

  get urls(): OfflineUrls {
    return { ...this.#state.originUrls, control: this.#control.url };
  }

  get key(): string {
    const [first] = this.#state.behaviour.keys;
    return typeof first === 'string' ? first : (first?.key ?? '');
  }

  async start(): Promise<void> {
    await this.#listen();
    for (const name of originNames) this.#state.originUrls[name] = this.#origins[name].url;
    await this.#control.listen();
    await this.#followOffline();
  }

  log: OfflineApi['log'] = async (filter) => this.#state.log.list(filter);

  tasks: OfflineApi['tasks'] = async () =>
    this.#state.tasks.all().map((task) => task.record(this.#state.resultUrl(task)));

  files: OfflineApi['files'] = async () => this.#state.files.all();

  billing: OfflineApi['billing'] = async () => {
    this.#state.tasks.all();
    return this.#state.billing.record();
  };

  fault: OfflineApi['fault'] = async (rule) => {
    this.#state.faults.add(rule);
  };

  faults: OfflineApi['faults'] = async () => this.#state.faults.list();

  clearFaults: OfflineApi['clearFaults'] = async () => {
    this.#state.faults.clear();
  };

  async configure(change: Partial<OfflineBehaviour>): Promise<void> {
    this.#state.configure(change);
    if (change.offline !== undefined) await this.#followOffline();
  }

  now: OfflineApi['now'] = async () => this.#state.clock.now();

  advanceClock: OfflineApi['advanceClock'] = async (ms) => {
    this.#state.clock.advance(ms);
  };

  connections: OfflineApi['connections'] = async () => {
    const { api, files, media } = this.#origins;
    return {
      api: api.openConnections,
      files: files.openConnections,
      media: media.openConnections,
    };
  };

  dropConnections: OfflineApi['dropConnections'] = async () => {
    for (const name of originNames) this.#origins[name].dropConnections();
  };

  async reset(): Promise<void> {
    await this.dropConnections();
    this.#state.reset();
    await this.#followOffline();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.all(originNames.map((name) => this.#origins[name].stop()));
    this.#state.files.close();
    await this.#control.close();
  }

  async #listen(): Promise<void> {
    await Promise.all(originNames.map((name) => this.#origins[name].listen()));
  }

  async #followOffline(): Promise<void> {
    const { offline } = this.#state.behaviour;
    if (offline === 'refuse') {
      await Promise.all(originNames.map((name) => this.#origins[name].stop()));
      return;
    }
    if (offline) await this.dropConnections();
    await this.#listen();
  }
}

/** Starts the server on the loopback; every option has a default. */
export async function startOfflineApi(options: OfflineOptions = {}): Promise<OfflineApi> {
  const serverState = new ServerState(options);
  const api = new LocalOfflineApi(
    serverState,
    makeOrigins(serverState, options),
    options.ports?.control ?? 0,
  );
  await api.start();
  return api;
}
