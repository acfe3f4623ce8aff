import { basename, dirname, extname } from 'node:path';
import type { ErrorCode } from '../../../src/appError.ts';
import type { FailedJob } from '../../../src/jobs/job.ts';
import { wholePath } from '../../../src/jobs/steps/tempFiles.ts';
import type { Exchange } from '../world/network.ts';
import { keyHosts } from '../world/network.ts';
import type { Inode, NameChange } from '../world/disk.ts';
import { sha256Of } from '../world/disk.ts';
import { type Provider, resultLifeMs, type SimTask } from '../world/provider.ts';

/** A promise that was broken. */
export interface Violation {
  /** Which of them; the same in every plan that breaks it. */
  check: string;
  message: string;
  atMs: number;
}

/** Failures that have nothing to do with the provider. */
const ownFaults: readonly ErrorCode[] = ['writeFailed', 'badImage'];
/** What is wrong with the account stops the queue, and not a job. */
const pausing: readonly ErrorCode[] = ['noKey', 'auth', 'credits'];
/** Of a download that is whole and not in its place yet. */
const wholeExtension = extname(wholePath('', 'job'));
/** What was on its way, or in another window, when the wait was asked for. */
const patienceSlackMs = 1_000;
/** From the store, where a job's create is decided on, to the network. */
const sendingMs = 500;
/** The answer to one of two that go side by side is not read yet when the other is sent. */
const readingMs = 5;

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
  /** The first create of each key that may have left its window. */
  readonly #submitted = new Map<string, Exchange>();
  readonly #requests = new Set<string>();
  /** Keys of what was asked for by one user from two places, who wants one image. */
  readonly #askedTwice: (readonly [string, string])[] = [];
  /** Since when a user does not want what has not been submitted. */
  readonly #cancelled = new Map<string, number>();
  /** From when on what may be asked again, and since when that is known. */
  readonly #notBefore = new Map<string, { untilMs: number; sinceMs: number }>();
  /** A clock that was set may end a wait early, or tell that a day is over. */
  haveClocksJumped = false;

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

  /**
   * What a power cut has left. A download whose name says that it is whole has to be so: its result
   * may be gone at the provider by the time the power is back.
   */
  onPowerCut(files: Iterable<[path: string, node: Inode]>): void {
    for (const [path, node] of files)
      if (this.#isFinal(path)) this.#requireWhole(path, node);
      else if (extname(path) === wholeExtension && !this.#taskOf(node))
        this.broken('half', `${path} holds ${this.#tell(node)} after a power cut`);
  }

  /** Somebody asked for something, under this key. */
  onRequest(idempotencyKey: string): void {
    this.#requests.add(idempotencyKey);
  }

  /** A user asked for one image from two places; these keys are of what came of each. */
  onAskedTwice(keys: readonly [string, string]): void {
    this.#askedTwice.push(keys);
  }

  /** A user was told that nothing will come of it. */
  onCancelled(idempotencyKey: string): void {
    this.#cancelled.set(idempotencyKey, this.#options.nowMs());
  }

  /** The store has become another one, that need not know what was cancelled. */
  onHistoryLost(): void {
    this.#cancelled.clear();
  }

  onTask(task: SimTask): void {
    if (!this.#requests.has(task.idempotencyKey))
      this.broken('foreignKey', `${task.id} was ordered with a key that is of no request`);
    const billedOf = (key: string) =>
      this.#options.provider.tasksOf(key).filter((each) => each.outcome === 'completed');
    for (const keys of this.#askedTwice)
      if (keys.includes(task.idempotencyKey) && keys[0] !== keys[1])
        if (keys.every((key) => billedOf(key).length > 0))
          this.broken('retriedTwice', `one wish became tasks of ${keys.join(' and of ')}`);
    const billed = billedOf(task.idempotencyKey);
    if (billed.length < 2) return;
    const ids = billed.map(({ id, account, baseUrl }) => `${id} of ${account} at ${baseUrl}`);
    this.broken('paidTwice', `one request became ${ids.join(' and ')}`);
  }

  onSent(exchange: Exchange, headers: Readonly<Record<string, string>>): void {
    const { window, url, route, idempotencyKey } = exchange;
    if (headers['authorization'] !== undefined && !keyHosts.includes(new URL(url).origin))
      this.broken('keyElsewhere', `${window.name} sent the key to ${url}`);
    this.#requirePatience(exchange);
    if (route !== 'create' && route !== 'result') return;
    const subject = idempotencyKey ?? url;
    const nowMs = this.#options.nowMs();
    const others = this.#inFlight.get(subject) ?? [];
    // A window that hangs may fetch a result that another fetches by now; it can write nothing of it.
    const isAtFault = (sinceMs: number) => route === 'create' || window.isHealthySince(sinceMs);
    for (const { exchange: other, sinceMs } of others)
      if (other.window !== window && other.window.isHealthySince(sinceMs) && isAtFault(sinceMs))
        this.broken(
          'twoAtWork',
          `${window.name} and ${other.window.name} both do ${route} ${subject}`,
        );
    this.#inFlight.set(subject, [...others, { exchange, sinceMs: nowMs }]);
    if (route === 'create') this.#requireWanted(exchange, subject);
  }

  onAskedToWait(exchange: Exchange, waitMs: number): void {
    const nowMs = this.#options.nowMs();
    // The longest pause between two tries of a download is shorter than what may be asked for.
    const atMostMs = exchange.route === 'result' ? 60_000 : 3600_000;
    const wait = this.#waitOf(exchange);
    const known = this.#notBefore.get(wait);
    // What repeats at once, again and again, has known it since the first answer.
    const sinceMs = known && known.untilMs > nowMs ? known.sinceMs : nowMs;
    this.#notBefore.set(wait, { untilMs: nowMs + Math.min(waitMs, atMostMs), sinceMs });
  }

  /** The user wants everything to be tried at once. */
  onImpatience(): void {
    this.#notBefore.clear();
  }

  /** A job that is paid is given up by nobody but its user, its disk, or the provider. */
  onFailed(job: FailedJob): void {
    if (job.taskId === undefined && pausing.includes(job.error.code))
      this.broken('burnt', `job ${job.id} fails as ${job.error.code} instead of waiting`);
    const task = this.#options.provider.tasks.get(job.taskId ?? '');
    if (task?.outcome !== 'completed' || this.haveClocksJumped) return;
    // When it ended is not told to whom it is not known.
    const isExpired = this.#options.nowMs() > task.createdMs + resultLifeMs;
    if (isExpired || ownFaults.includes(job.error.code)) return;
    this.broken('givenUp', `${task.id} is given up (${job.error.code}: ${job.error.message})`);
  }

  onEnded(exchange: Exchange, wasSent: boolean): void {
    const subject = exchange.idempotencyKey ?? exchange.url;
    // Nothing of it has left: the next one is as new.
    if (!wasSent && this.#submitted.get(subject) === exchange) this.#submitted.delete(subject);
    const others = this.#inFlight.get(subject) ?? [];
    this.#inFlight.set(
      subject,
      others.filter((each) => each.exchange !== exchange),
    );
  }

  #waitOf({ window, route, url, idempotencyKey }: Exchange): string {
    if (route === 'create' || route === 'result') return `${window.name} ${idempotencyKey ?? url}`;
    return `${window.name} ${route}`;
  }

  #requirePatience(exchange: Exchange): void {
    const wait = this.#notBefore.get(this.#waitOf(exchange));
    const nowMs = this.#options.nowMs();
    if (!wait || nowMs - wait.sinceMs < readingMs || this.haveClocksJumped) return;
    const leftMs = wait.untilMs - nowMs;
    if (leftMs < patienceSlackMs) return;
    const { window, route } = exchange;
    this.broken('impatient', `${window.name} repeats ${route} ${String(leftMs)} ms too early`);
  }

  #requireWanted(exchange: Exchange, key: string): void {
    if (this.#submitted.has(key)) return;
    this.#submitted.set(key, exchange);
    const { window } = exchange;
    const isLate = (sinceMs: number | undefined) =>
      sinceMs !== undefined && this.#options.nowMs() - sinceMs > sendingMs;
    const pausedMs = this.pausedByUserMs;
    if (isLate(pausedMs) && window.isHealthySince(pausedMs!))
      this.broken('pauseIgnored', `${window.name} starts a job although a user paused the queue`);
    if (isLate(this.#cancelled.get(key)))
      this.broken('cancelIgnored', `${window.name} starts ${key} although a user cancelled it`);
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
    return [...this.#options.provider.tasks.values()].find(
      (task) => task.sha256 === sha256 || task.convertedSha256 === sha256,
    );
  }

  #tell(node: Inode): string {
    const task = this.#taskOf(node);
    return task ? `the image of ${task.id}` : `${String(node.data.length)} bytes of no image`;
  }
}
