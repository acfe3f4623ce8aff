/** One origin: a real server on the loopback, whose connections can be reset. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';

export interface OriginSettings {
  readonly port: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  /** Whether a connection that has just been made is to be reset. */
  readonly isRefused: () => boolean;
}

export class OriginServer {
  readonly #server: ReturnType<typeof createServer>;
  readonly #settings: OriginSettings;
  readonly #sockets = new Map<number, Socket>();
  readonly #numbers = new WeakMap<Socket, number>();
  #count = 0;
  #port = 0;

  constructor(settings: OriginSettings) {
    this.#settings = settings;
    const { tls, onRequest } = settings;
    this.#server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
    // Connections stay open between requests, as behind the provider's gateway.
    this.#server.keepAliveTimeout = 30_000;
    this.#server.requestTimeout = 0;
    this.#server.on('connection', (socket: Socket) => {
      this.#onConnection(socket);
    });
  }

  get url(): string {
    const scheme = this.#settings.tls === undefined ? 'http' : 'https';
    return `${scheme}://127.0.0.1:${String(this.#port)}`;
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  /** Listens; again on the same port after `stop`. */
  async listen(): Promise<void> {
    if (this.#server.listening) return;
    this.#server.listen(this.#port === 0 ? this.#settings.port : this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Stops listening: new connections are refused, open ones reset. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.dropConnections();
    await closed;
  }

  dropConnections(): void {
    for (const socket of this.#sockets.values()) socket.resetAndDestroy();
  }

  /** Which connection a request came on, counted from 1. */
  connectionOf(request: IncomingMessage): number {
    const raw = this.#rawSocket(request.socket);
    return (raw && this.#numbers.get(raw)) ?? 0;
  }

  /** Resets the connection under a request, below TLS. */
  reset(request: IncomingMessage): void {
    const raw = this.#rawSocket(request.socket);
    if (raw === undefined) request.socket.destroy();
    else raw.resetAndDestroy();
  }

  #rawSocket(socket: Socket): Socket | undefined {
    return this.#sockets.get(socket.remotePort ?? -1);
  }

  #onConnection(socket: Socket): void {
    if (this.#settings.isRefused()) {
      socket.resetAndDestroy();
      return;
    }
    const { remotePort = -1 } = socket;
    this.#count += 1;
    this.#numbers.set(socket, this.#count);
    this.#sockets.set(remotePort, socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      if (this.#sockets.get(remotePort) === socket) this.#sockets.delete(remotePort);
    });
  }
}
