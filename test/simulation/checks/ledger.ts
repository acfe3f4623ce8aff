import { basename, dirname } from 'node:path';
import type { Exchange } from '../world/network.ts';
import { keyHosts } from '../world/network.ts';
import type { Inode, NameChange } from '../world/disk.ts';
import { sha256Of } from '../world/disk.ts';
import type { Provider, SimTask } from '../world/provider.ts';

/** A promise that was broken. */
export interface Violation {
  /** Which of them; the same in every plan that breaks it. */
  check: string;
  message: string;
  atMs: number;
}

export interface LedgerOptions {
  provider: Provider;
  nowMs: () => number;
  /** Folders in which users find their images. */
  resultFolders: readonly string[];
  onViolation: (violation: Violation) => void;
}

/** What must hold at every moment, whatever goes wrong. */
export class Ledger {
  /** Images a user has deleted. */
  readonly deletedByUser = new Set<string>();
  /** Since when a user wants nothing new to be started. */
  pausedByUserMs: number | undefined;
  readonly #options: LedgerOptions;
  readonly #inFlight = new Map<string, { exchange: Exchange; sinceMs: number }[]>();
  readonly #submitted = new Set<string>();

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  broken(check: string, message: string): void {
    this.#options.onViolation({ check, message, atMs: this.#options.nowMs() });
  }

  /** A final name appears, changes or goes. */
  onName({ path, before, after, isUsers }: NameChange): void {
    if (!this.#isFinal(path) || isUsers) return;
    const isLoss = before !== undefined && before !== after && before.data.length > 0;
    if (isLoss && before.names.size === 0)
      this.broken(after ? 'overwritten' : 'deleted', `${path} held ${this.#tell(before)}`);
    if (after) this.#requireWhole(path, after);
  }

  onContent(node: Inode): void {
    for (const path of node.names) if (this.#isFinal(path)) this.#requireWhole(path, node);
  }

  onTask(task: SimTask): void {
    const billed = this.#options.provider
      .tasksOf(task.idempotencyKey)
      .filter((each) => each.outcome === 'completed');
    if (billed.length < 2) return;
    const ids = billed.map(({ id, account, baseUrl }) => `${id} of ${account} at ${baseUrl}`);
    this.broken('paidTwice', `one request became ${ids.join(' and ')}`);
  }

  onSent(exchange: Exchange, headers: Readonly<Record<string, string>>): void {
    const { window, url, route, idempotencyKey } = exchange;
    if (headers['authorization'] !== undefined && !keyHosts.includes(new URL(url).origin))
      this.broken('keyElsewhere', `${window.name} sent the key to ${url}`);
    if (route !== 'create' && route !== 'result') return;
    const subject = idempotencyKey ?? url;
    const nowMs = this.#options.nowMs();
    const others = this.#inFlight.get(subject) ?? [];
    for (const { exchange: other, sinceMs } of others)
      if (other.window !== window && other.window.isHealthySince(sinceMs))
        this.broken(
          'twoAtWork',
          `${window.name} and ${other.window.name} both do ${route} ${subject}`,
        );
    this.#inFlight.set(subject, [...others, { exchange, sinceMs: nowMs }]);
    if (route === 'create') this.#requireUnpaused(exchange, subject);
  }

  onEnded(exchange: Exchange): void {
    const subject = exchange.idempotencyKey ?? exchange.url;
    const others = this.#inFlight.get(subject) ?? [];
    this.#inFlight.set(
      subject,
      others.filter((each) => each.exchange !== exchange),
    );
  }

  #requireUnpaused({ window }: Exchange, key: string): void {
    const sinceMs = this.pausedByUserMs;
    const isFirst = !this.#submitted.has(key);
    this.#submitted.add(key);
    if (sinceMs === undefined || !isFirst) return;
    const slackMs = 5_000;
    if (this.#options.nowMs() - sinceMs > slackMs && window.isHealthySince(sinceMs))
      this.broken('pauseIgnored', `${window.name} starts a job although a user paused the queue`);
  }

  #isFinal(path: string): boolean {
    return this.#options.resultFolders.includes(dirname(path)) && !basename(path).startsWith('.');
  }

  /** A name may be reserved by an empty file for a moment; whatever else stands there is whole. */
  #requireWhole(path: string, node: Inode): void {
    if (node.data.length === 0) return;
    if (!this.#taskOf(node)) this.broken('half', `${path} holds ${this.#tell(node)}`);
  }

  #taskOf(node: Inode): SimTask | undefined {
    const sha256 = sha256Of(node.data);
    return [...this.#options.provider.tasks.values()].find((task) => task.sha256 === sha256);
  }

  #tell(node: Inode): string {
    const task = this.#taskOf(node);
    return task ? `the image of ${task.id}` : `${String(node.data.length)} bytes of no image`;
  }
}
