import { createHash } from 'node:crypto';
import { sha256Of } from './disk.ts';
import { convertedOf, imageOf } from './resultImage.ts';

/** A task as the provider has it. */
export interface SimTask {
  id: string;
  number: number;
  baseUrl: string;
  account: string;
  idempotencyKey: string;
  prompt: string;
  createdMs: number;
  endsMs: number;
  outcome: 'completed' | 'failed' | 'cancelled';
  /** Completed before its result is told. */
  emptyUntilMs: number;
  /** Its result's host has it from then on. */
  servedFromMs: number;
  dialect: Dialect;
  image: Buffer;
  sha256: string;
  /** Of the file of another format that is made of it. */
  convertedSha256: string;
}

/** How the provider spells, and where it puts what it tells. */
export interface Dialect {
  completed: string;
  failed: string;
  cancelled: string;
  shape: 'documented' | 'objects' | 'resultData' | 'resultUrl';
  /** What the answers leave out. */
  without: 'nothing' | 'createStatus' | 'queryStatus';
  error: 'object' | 'string';
}

export const documented: Dialect = {
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  shape: 'documented',
  without: 'nothing',
  error: 'object',
};

interface StoredFile {
  id: string;
  name: string;
  account: string;
  uploadedMs: number;
  sha256: string;
}

/** What a request brings to the provider. */
export interface Arrived {
  method: string;
  baseUrl: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** What the plan makes of a task that is created now. */
export interface TaskFate {
  takesMs: number;
  outcome: SimTask['outcome'];
  emptyMs: number;
  lateMs: number;
  dialect: Dialect;
}

export const hourMs = 3600_000;
export const resultLifeMs = 24 * hourMs;
const uploadLifeMs = 72 * hourMs;
export const apiUrls = ['https://api.evolink.test', 'https://gateway.evolink.test'] as const;
export const filesUrl = 'https://files.evolink.test';
export const mediaUrl = 'https://media.evolink.test';

export interface ProviderOptions {
  nowMs: () => number;
  fateOf: () => TaskFate;
  onTask: (task: SimTask) => void;
  hasBatch: () => boolean;
  /** Whether tasks are unknown to queries for now. */
  isForgetful: () => boolean;
}

/** The account's truth: what was ordered, what is billed, and what lies on its hosts. */
export class Provider {
  readonly tasks = new Map<string, SimTask>();
  readonly files = new Map<string, StoredFile>();
  readonly keys = new Map([
    ['key-of-alice', { account: 'alice', isRevoked: false }],
    ['key-of-bob', { account: 'bob', isRevoked: false }],
  ]);
  readonly credits = new Map([
    ['alice', 1e6],
    ['bob', 1e6],
  ]);
  readonly #options: ProviderOptions;
  readonly #byKey = new Map<string, SimTask>();

  constructor(options: ProviderOptions) {
    this.#options = options;
  }

  /** The tasks of a request, by what it sent as its key. */
  tasksOf(idempotencyKey: string): SimTask[] {
    return [...this.tasks.values()].filter((task) => task.idempotencyKey === idempotencyKey);
  }

  isCompleted(task: SimTask): boolean {
    return task.outcome === 'completed' && this.#options.nowMs() >= task.endsMs;
  }

  /** Acts on a request, and answers. */
  act(request: Arrived): Reply {
    if (request.baseUrl === mediaUrl) return this.#serve(request.path);
    const key = request.headers['authorization']?.replace('Bearer ', '') ?? '';
    const holder = this.keys.get(key);
    if (!holder || holder.isRevoked)
      return refusal(401, 'unauthorized', 'The key is not valid', 'authentication_error');
    return request.baseUrl === filesUrl
      ? this.#actOnFiles(request, holder.account)
      : this.#actOnTasks(request, holder.account);
  }

  #actOnTasks(request: Arrived, account: string): Reply {
    const { method, path, baseUrl } = request;
    if (method === 'POST' && path === '/v1/images/generations')
      return this.#create(request, account);
    if (method === 'POST' && path === '/v1/tasks/batch') {
      if (!this.#options.hasBatch()) return refusal(404, 'not_found', 'Invalid URL');
      const { task_ids: ids } = JSON.parse(request.body.toString()) as { task_ids: string[] };
      const found = ids.flatMap((id) => this.#find(id, account) ?? []);
      return json(200, { data: found.map((task) => this.#view(task)) });
    }
    const id = /^\/v1\/tasks\/([^/?]+)$/.exec(path)?.[1];
    if (id !== undefined) {
      const task = this.#find(decodeURIComponent(id), account);
      return task
        ? json(200, this.#view(task))
        : refusal(404, 'task_not_found', 'Task not found', 'invalid_request_error');
    }
    if (path.startsWith('/v1/tasks?')) {
      const mine = [...this.tasks.values()].filter(
        (task) => task.account === account && task.baseUrl === baseUrl,
      );
      const data = mine.reverse().map((task) => ({
        id: task.id,
        type: 'image',
        status: this.#statusOf(task),
        created_at: task.createdMs / 1000,
      }));
      return json(200, { data, total: data.length, page: 1, page_size: 50 });
    }
    if (path === '/v1/credits')
      return json(200, {
        success: true,
        data: { user: { remaining_credits: this.credits.get(account) } },
      });
    return refusal(404, 'not_found', 'Invalid URL');
  }

  #find(id: string, account: string): SimTask | undefined {
    const task = this.tasks.get(id);
    if (task?.account !== account || this.#options.isForgetful()) return undefined;
    return task;
  }

  #create({ headers, baseUrl, body }: Arrived, account: string): Reply {
    const idempotencyKey = headers['idempotency-key'] ?? '';
    const place = `${baseUrl} ${account} ${idempotencyKey}`;
    const earlier = this.#byKey.get(place);
    if (earlier) return json(200, this.#view(earlier, true), { 'idempotency-replayed': 'true' });
    const left = this.credits.get(account) ?? 0;
    if (left < 2.5) return refusal(402, 'insufficient_quota', 'Not enough credits');
    this.credits.set(account, left - 2.5);
    const { prompt } = JSON.parse(body.toString()) as { prompt: string };
    const number = this.tasks.size + 1;
    const fate = this.#options.fateOf();
    const id = `task-unified-${String(number).padStart(3, '0')}`;
    const image = imageOf(`${id} ${prompt}`);
    const nowMs = this.#options.nowMs();
    const task: SimTask = {
      id,
      number,
      baseUrl,
      account,
      idempotencyKey,
      prompt,
      createdMs: nowMs,
      endsMs: nowMs + fate.takesMs,
      outcome: fate.outcome,
      emptyUntilMs: nowMs + fate.takesMs + fate.emptyMs,
      servedFromMs: nowMs + fate.takesMs + fate.lateMs,
      dialect: fate.dialect,
      image,
      sha256: sha256Of(image),
      convertedSha256: sha256Of(convertedOf(sha256Of(image))),
    };
    this.tasks.set(id, task);
    this.#byKey.set(place, task);
    this.#options.onTask(task);
    return json(200, this.#view(task, true));
  }

  #statusOf(task: SimTask): string {
    const nowMs = this.#options.nowMs();
    if (nowMs >= task.endsMs) return task.dialect[task.outcome];
    return nowMs - task.createdMs < 2_000 ? 'pending' : 'processing';
  }

  #view(task: SimTask, isCreate = false): Record<string, unknown> {
    const nowMs = this.#options.nowMs();
    const hasEnded = nowMs >= task.endsMs;
    const { dialect, outcome } = task;
    const share = (nowMs - task.createdMs) / (task.endsMs - task.createdMs);
    const hasResult = outcome === 'completed' && nowMs >= task.emptyUntilMs;
    // A provider that says nothing at all of an end could not be understood by anyone.
    const isTold = !hasEnded || outcome !== 'cancelled';
    const isSilent = isTold && dialect.without === (isCreate ? 'createStatus' : 'queryStatus');
    return {
      created: Math.floor(task.createdMs / 1000),
      id: task.id,
      model: 'gpt-image-1.5-lite',
      object: 'image.generation.task',
      progress: hasEnded && outcome === 'completed' ? 100 : Math.floor(Math.min(99, share * 100)),
      ...(!isSilent && { status: this.#statusOf(task) }),
      task_info: { can_cancel: false, estimated_time: 40 },
      type: 'image',
      usage: { billing_rule: 'per_call', credits_reserved: 2.5 },
      ...(hasResult && resultFields(dialect.shape, `${mediaUrl}/${task.id}.png`)),
      ...(outcome === 'completed' && hasEnded && !hasResult && { results: [] }),
      ...(hasEnded && outcome === 'failed' && { error: failure(dialect) }),
    };
  }

  #serve(path: string): Reply {
    const task = this.tasks.get(/^\/(.+)\.png$/.exec(path)?.[1] ?? '');
    const nowMs = this.#options.nowMs();
    const isThere =
      task !== undefined && nowMs >= task.servedFromMs && nowMs < task.endsMs + resultLifeMs;
    if (!isThere || task.outcome !== 'completed')
      return { status: 404, headers: { 'content-type': 'text/plain' }, body: Buffer.from('none') };
    const headers = { 'content-type': 'image/png', 'content-length': String(task.image.length) };
    return { status: 200, headers, body: task.image };
  }

  /** Files that have not expired. */
  filesOf(account: string): StoredFile[] {
    const nowMs = this.#options.nowMs();
    for (const [id, file] of this.files)
      if (nowMs >= file.uploadedMs + uploadLifeMs) this.files.delete(id);
    return [...this.files.values()].filter((file) => file.account === account);
  }

  #actOnFiles({ method, path, body }: Arrived, account: string): Reply {
    const mine = this.filesOf(account);
    if (method === 'POST' && path === '/api/v1/files/upload/stream') {
      const text = body.toString('latin1');
      const name = /name="file_name"\r\n\r\n([^\r]*)\r\n/.exec(text)?.[1] ?? 'file';
      const same = mine.find((file) => file.name === name);
      const id = same?.id ?? `file-${createHash('md5').update(name).digest('hex').slice(0, 8)}`;
      const file = { id, name, account, uploadedMs: this.#options.nowMs(), sha256: sha256Of(body) };
      this.files.set(id, file);
      return json(200, { success: true, code: 200, data: fileView(file) });
    }
    if (method === 'DELETE') {
      const id = path.split('/').at(-1) ?? '';
      if (!mine.some((file) => file.id === id))
        return json(404, { success: false, code: 404, msg: 'file not found' });
      this.files.delete(id);
      return json(200, { success: true, code: 200 });
    }
    if (path.startsWith('/api/v1/files/list')) {
      const page = Number(/page=(\d+)/.exec(path)?.[1] ?? 1);
      const files = mine.slice((page - 1) * 100, page * 100).map(fileView);
      return json(200, { success: true, data: { files, total: mine.length } });
    }
    if (path === '/api/v1/files/quota')
      return json(200, { success: true, data: { used_files: mine.length, max_files: 2000 } });
    return json(404, { success: false, code: 404, msg: 'not found' });
  }
}

function fileView(file: StoredFile): Record<string, unknown> {
  return {
    file_id: file.id,
    file_name: file.name,
    original_name: file.name,
    file_url: `${filesUrl}/f/${file.id}`,
    upload_time: new Date(file.uploadedMs).toISOString(),
    expires_at: new Date(file.uploadedMs + uploadLifeMs).toISOString(),
  };
}

function resultFields(shape: Dialect['shape'], url: string): Record<string, unknown> {
  switch (shape) {
    case 'documented':
      return { results: [url] };
    case 'objects':
      return { results: [{ url }] };
    case 'resultData':
      return { result_data: [{ image_url: url }] };
    case 'resultUrl':
      return { result_url: url };
  }
}

function failure(dialect: Dialect): unknown {
  if (dialect.error === 'string') return 'The service was overloaded';
  return { code: 'service_error', message: 'The service was overloaded', type: 'task_error' };
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-request-id': 'req-1', ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** In the provider's own shape. */
export function refusal(status: number, code: string, message: string, type = 'error'): Reply {
  return json(status, { error: { code, message, type } });
}
