import type { IncomingMessage } from 'node:http';
import type { LoggedRequest, LogFilter, OriginName, RouteName } from './types.ts';

export interface RequestHead {
  readonly at: number;
  readonly origin: OriginName;
  readonly route: RouteName;
  readonly connection: number;
}

function flatHeaders(request: IncomingMessage): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** Every request in the order of arrival; entries are completed while they are answered. */
export class RequestLog {
  #entries: LoggedRequest[] = [];
  #lastSeq = 0;

  add(request: IncomingMessage, head: RequestHead): LoggedRequest {
    this.#lastSeq += 1;
    const entry: LoggedRequest = {
      seq: this.#lastSeq,
      ...head,
      method: request.method ?? '',
      path: request.url ?? '',
      headers: flatHeaders(request),
      bodyBytes: 0,
    };
    this.#entries.push(entry);
    return entry;
  }

  list(filter: LogFilter = {}): LoggedRequest[] {
    return this.#entries
      .filter(
        (entry) =>
          entry.seq > (filter.afterSeq ?? 0) &&
          (filter.origin ?? entry.origin) === entry.origin &&
          (filter.route ?? entry.route) === entry.route &&
          (filter.method ?? entry.method) === entry.method,
      )
      .map((entry) => ({ ...entry }));
  }

  clear(): void {
    this.#entries = [];
  }
}
