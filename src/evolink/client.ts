import type { Readable } from 'node:stream';
import { type AppError, cancelled, isPassing, toAppError } from '../appError.ts';
import { type Answer, type AuthorizedRequest, createAuthorizedCall } from './authorizedCall.ts';
import { type ClientPlatform, nodeClientPlatform } from './clientPlatform.ts';
import { type Cooldown, createCooldown, type RequestKind } from './cooldown.ts';
import { parseError } from './errorAnswer.ts';
import { mayConcernOneTask } from './errors.ts';
import type { ModelRequest } from './models/findProblems.ts';
import { toNetworkError } from './networkErrors.ts';
import { parsePrices, type Price } from './prices.ts';
import { readBody, retryAfterMs } from './readAnswer.ts';
import {
  type ListedTask,
  parseCredits,
  parseTask,
  parseTaskList,
  parseTasks,
  type Task,
} from './schema.ts';
import { discard, headerOf, type Transport } from './transport.ts';
import { unpackBody } from './unpackBody.ts';

/** What a create sends; see the provider's page. */
export interface CreateTask extends Omit<ModelRequest, 'references'> {
  /** Addresses the provider can fetch, or none. */
  imageUrls: readonly string[];
}

export interface ClientOptions {
  transport: Transport;
  /** Without a slash at the end, e.g. `https://api.evolink.ai`. */
  apiBaseUrl: () => string;
  /** The key, or undefined when there is none. */
  apiKey: () => Promise<string | undefined>;
  log?: (line: string) => void;
  /** Node's when absent. */
  platform?: ClientPlatform;
  /** Shared with others who ask the same provider; of its own when absent. */
  cooldown?: Cooldown;
}

export interface Download {
  body: Readable;
  /** As the server announces it; absent too when it announces the size of something packed. */
  sizeBytes?: number;
}

export interface TaskAnswers {
  /**
   * By their ids. Those that the provider does not know are absent, and so are those that it could
   * not tell of while it told of others.
   */
  tasks: Map<string, Task>;
  /** Why some were not told of, or not asked for, when that concerns more than one of them. */
  failure?: AppError;
}

/** The provider's calls. Every method throws EvolinkError and nothing else. */
export interface Client {
  /**
   * Asks for an image, once: what spends money is not repeated here.
   * `idempotencyKey`: `[A-Za-z0-9._-]{16,96}`; asking again with the same key yields the same task
   * (seen in the provider's own clients).
   */
  createTask(
    task: CreateTask,
    idempotencyKey: string,
    signal: AbortSignal,
    /** The account that must be asked, see `account`. @throws AccountChangedError for another */
    account?: string,
  ): Promise<Task>;
  /** A fingerprint of key and host as they are now. @throws EvolinkError `noKey` */
  account(): Promise<string>;
  /** `GET /v1/tasks/{id}`. */
  getTask(id: string, signal: AbortSignal): Promise<Task>;
  /**
   * Many tasks in one call where the provider has it (`POST /v1/tasks/batch`, at most 50), else one
   * by one.
   */
  getTasks(ids: readonly string[], signal: AbortSignal): Promise<TaskAnswers>;
  /** Whether the provider turned out not to have the call for many tasks. */
  asksOneByOne(): boolean;
  /** The account's recent tasks, where the provider can list them; else `notFound`. */
  listTasks(page: number, signal: AbortSignal): Promise<ListedTask[]>;
  /** What is left to spend; undefined when the answer does not tell. */
  credits(signal: AbortSignal): Promise<number | undefined>;
  /** The provider's prices, by the model's id. The key is not sent, and none is needed. */
  prices(signal: AbortSignal): Promise<Map<string, Price>>;
  /** Opens a result. The key is not sent: results live on other hosts. */
  download(url: string, signal: AbortSignal): Promise<Download>;
}

const maxBatch = 50;
const readAttempts = 3;
const maxReadPauseMs = 10_000;
const pageSize = 50;

export function createClient(options: ClientOptions): Client {
  const platform = options.platform ?? nodeClientPlatform;
  const cooldown = options.cooldown ?? createCooldown(platform.monotonicMs);
  /** Set when the provider turns out not to have the batch call; asked again after a restart. */
  let isBatchAbsent = false;

  const call = createAuthorizedCall({ ...options, platform, baseUrl: options.apiBaseUrl });

  /** Asks for what costs nothing. */
  function read(kind: RequestKind, request: Parameters<typeof ask>[0]): Promise<Answer> {
    return cooldown.run(kind, (beforeSending) => ask({ ...request, beforeSending }));
  }

  async function ask({
    json,
    ...request
  }: AuthorizedRequest & { json?: unknown }): Promise<Answer> {
    const answer = await call.send({
      ...request,
      ...(json !== undefined && {
        headers: { 'content-type': 'application/json', ...request.headers },
        body: () => JSON.stringify(json),
      }),
    });
    if (answer.status < 200 || answer.status >= 300) throw parseError(answer);
    return answer;
  }

  async function createTask(
    task: CreateTask,
    idempotencyKey: string,
    signal: AbortSignal,
    account?: string,
  ): Promise<Task> {
    const { body, requestId } = await ask({
      method: 'POST',
      path: '/v1/images/generations',
      headers: { 'idempotency-key': idempotencyKey },
      json: bodyOf(task),
      signal,
      account,
    });
    return parseTask(body, requestId);
  }

  async function getTask(id: string, signal: AbortSignal): Promise<Task> {
    const path = `/v1/tasks/${encodeURIComponent(id)}`;
    const { body, requestId } = await read('tasks', { method: 'GET', path, signal });
    return parseTask(body, requestId, id);
  }

  /** @throws EvolinkError when none could be told of. */
  async function getTasks(ids: readonly string[], signal: AbortSignal): Promise<TaskAnswers> {
    const answers: TaskAnswers = { tasks: new Map() };
    if (ids.length < 2) await addOneByOne(ids, answers, signal);
    else
      for (let start = 0; start < ids.length && !isAboutAll(answers); start += maxBatch) {
        const part = ids.slice(start, start + maxBatch);
        await (isBatchAbsent ? addOneByOne : addBatch)(part, answers, signal);
      }
    const { tasks, failure } = answers;
    if (failure && (tasks.size === 0 || signal.aborted)) throw failure;
    return answers;
  }

  /** What is told of some of them counts, whatever becomes of the others. */
  async function addBatch(ids: readonly string[], answers: TaskAnswers, signal: AbortSignal) {
    try {
      for (const task of await getBatch(ids, signal)) answers.tasks.set(task.id, task);
    } catch (thrown) {
      const error = toAppError(thrown);
      // Not on a page of the provider's: any refusal of the call itself means it is not there.
      if (isCallAbsent(error)) {
        isBatchAbsent = true;
        options.log?.('The provider has no batch query; asking for tasks one by one');
      } else if (!isUnreadable(error)) {
        answers.failure = error;
        return;
      }
      await addOneByOne(ids, answers, signal);
    }
  }

  async function getBatch(ids: readonly string[], signal: AbortSignal): Promise<Task[]> {
    const { body, requestId } = await read('tasks', {
      method: 'POST',
      path: '/v1/tasks/batch',
      json: { task_ids: ids },
      signal,
    });
    return parseTasks(body, requestId);
  }

  /** One task that cannot be told of must not keep the others from being heard. */
  async function addOneByOne(ids: readonly string[], answers: TaskAnswers, signal: AbortSignal) {
    const failures: AppError[] = [];
    for (const id of ids) {
      try {
        answers.tasks.set(id, await getTask(id, signal));
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code === 'notFound') continue;
        failures.push(error);
        if (mayConcernOneTask(error)) continue;
        answers.failure = error;
        return;
      }
    }
    const [first] = failures;
    if (first && failures.length === ids.length) answers.failure = first;
  }

  async function listTasks(page: number, signal: AbortSignal): Promise<ListedTask[]> {
    const path = `/v1/tasks?type=image&page=${String(page)}&page_size=${String(pageSize)}`;
    return await readAgain(
      async () => {
        const { body, requestId } = await read('account', { method: 'GET', path, signal });
        return parseTaskList(body, requestId);
      },
      signal,
      platform,
    );
  }

  async function credits(signal: AbortSignal): Promise<number | undefined> {
    return await readAgain(
      async () => {
        const request = { method: 'GET', path: '/v1/credits', signal } as const;
        const { body, requestId } = await read('account', request);
        return parseCredits(body, requestId);
      },
      signal,
      platform,
    );
  }

  async function prices(signal: AbortSignal): Promise<Map<string, Price>> {
    const url = `${options.apiBaseUrl()}/web/api/models/pricing`;
    const answer = await options.transport.send({ method: 'GET', url, signal });
    if (answer.status !== 200) {
      discard(answer);
      throw parseError({ status: answer.status, body: '' });
    }
    return parsePrices(await readBody(answer, { signal, platform }));
  }

  async function download(url: string, signal: AbortSignal): Promise<Download> {
    const answer = await options.transport.get(url, signal);
    if (answer.status !== 200) {
      discard(answer);
      const waitMs = retryAfterMs(answer, platform.now());
      throw parseError({ status: answer.status, body: '', retryAfterMs: waitMs });
    }
    const unpacked = unpackBody(answer, platform.unpackers);
    const { body, isPacked } = await unpacked.catch((thrown: unknown) => {
      if (signal.aborted) throw cancelled(thrown);
      throw toNetworkError(thrown, undefined);
    });
    const encoding = headerOf(answer, 'content-encoding')?.trim().toLowerCase() || 'identity';
    const isLengthTold = !isPacked && encoding === 'identity';
    const sizeBytes = Number((isLengthTold && headerOf(answer, 'content-length')) || Number.NaN);
    return { body, ...(Number.isSafeInteger(sizeBytes) && { sizeBytes }) };
  }

  return {
    createTask,
    account: call.account,
    getTask,
    getTasks,
    asksOneByOne: () => isBatchAbsent,
    listTasks,
    credits,
    prices,
    download,
  };
}

/** Whether nothing more need be asked for now, such as after a refusal to answer more. */
function isAboutAll({ failure }: TaskAnswers): boolean {
  return failure !== undefined && !mayConcernOneTask(failure);
}

/** What a model does not know is left out. What is undefined is no field of the JSON. */
function bodyOf(task: CreateTask) {
  const { prompt, model, size, quality, imageUrls, outputFormat } = task;
  return {
    prompt,
    model,
    size,
    quality: quality === '' ? undefined : quality,
    image_urls: imageUrls.length > 0 ? imageUrls : undefined,
    resolution: task.resolution,
    background: task.background,
    output_format: outputFormat,
    seed: task.seed,
  };
}

function isCallAbsent(error: AppError): boolean {
  const { status } = error.details;
  return status === 400 || status === 404 || status === 405 || status === 501;
}

/** The call was answered as a success, but with something else than it should be. */
function isUnreadable(error: AppError): boolean {
  return error.code === 'server' && error.details.sent === 'yes' && !error.details.status;
}

/**
 * Repeats a read that failed for a passing reason, unless the provider asks for a long wait. Reads
 * cost nothing.
 */
export async function readAgain<T>(
  read: () => Promise<T>,
  signal: AbortSignal,
  { wait, random }: ClientPlatform,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (thrown) {
      const error = toAppError(thrown);
      const pauseMs = error.details.retryAfterMs ?? 300 * 2 ** attempt * (0.5 + random());
      const isOver = attempt === readAttempts || pauseMs > maxReadPauseMs;
      if (isOver || !isPassing(error)) throw error;
      await wait(pauseMs, signal);
    }
  }
}
