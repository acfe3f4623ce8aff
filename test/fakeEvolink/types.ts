/** What tests send to the offline EvoLink, and what it answers. All of it is plain JSON. */
import type { Fault, FaultRule, FaultUse } from './faults.ts';

export type OriginName = 'api' | 'files' | 'media';

/** Where a request went, whatever its id or query string. */
export type RouteName =
  | 'create'
  | 'query'
  | 'batch'
  | 'list'
  | 'credits'
  | 'pricing'
  | 'uploadStream'
  | 'uploadBase64'
  | 'uploadUrl'
  | 'quota'
  | 'listFiles'
  | 'deleteFile'
  | 'download'
  | 'result'
  | 'unknown';

/** A key the server knows; a plain string is a valid key. */
export type AcceptedKey =
  string | { readonly key: string; readonly state: 'ok' | 'disabled' | 'expired' | 'forbidden' };

/** Behaviour that may change while the server runs. */
export interface OfflineBehaviour {
  keys: readonly AcceptedKey[];
  /** Models that these keys may use; another known model is 403, an unknown one 400. */
  models: readonly string[];
  /** Models that are unknown from now on. */
  withdrawnModels: readonly string[];
  /** How long a task takes, from the create call to its end. */
  taskMs: number;
  /** 0.2 makes a task take between 80 % and 120 % of `taskMs`. */
  jitter: number;
  /** What `task_info.estimated_time` says; by default `taskMs` in whole seconds. */
  estimatedS?: number;
  /** After this time the id of a task is unknown. */
  taskLifeMs: number;
  resultLifeMs: number;
  uploadLifeMs: number;
  credits: number;
  creditsPerTask: number;
  /** `full` is a handsome image with the prompt in it; `fast` a tiny one, in a millisecond or so. */
  drawing: 'full' | 'fast';
  maxFiles: number;
  maxFileBytes: number;
  /** How fast uploads are taken; 0 for as fast as they come. */
  uploadBytesPerSecond: number;
  /** Whether `POST /v1/tasks/batch`, `GET /v1/tasks` and `Idempotency-Key` exist at all. */
  batch: boolean;
  list: boolean;
  idempotency: boolean;
  /** Whether there is a list of prices. */
  pricing: boolean;
  /** A replay is answered as the first call was, or with the task as it is now. */
  replayAs: 'first' | 'current';
  /** Files answer their errors on HTTP 200, as the provider at times does. */
  fileErrorsOn200: boolean;
  /** `true` resets every connection; `'refuse'` stops listening. The control origin stays. */
  offline: boolean | 'refuse';
}

/** How to start the server. */
export interface OfflineOptions extends Partial<OfflineBehaviour> {
  /** 0, the default, takes any free port. */
  readonly ports?: Partial<Record<OriginName | 'control', number>>;
  /** PEM texts; all three origins then speak https. The control origin stays plain. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly seed?: number;
}

/** The base URLs, without a slash at the end. */
export interface OfflineUrls {
  readonly api: string;
  readonly files: string;
  readonly media: string;
  readonly control: string;
}

/** One request, as the server saw it. */
export interface LoggedRequest {
  /** Counts up from 1, in the order in which requests came. */
  readonly seq: number;
  readonly at: number;
  readonly origin: OriginName;
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  readonly route: RouteName;
  readonly headers: Readonly<Record<string, string>>;
  /** Which connection it came on, counted per origin. */
  readonly connection: number;
  bodyBytes: number;
  /** Missing for bodies of more than 256 KiB. */
  json?: unknown;
  /** Missing while the answer is open, and where there never was one. */
  status?: number;
  replayed?: boolean;
  /** The fault of this request. */
  fault?: Fault['kind'];
  /** When the answer, or the connection, had ended. */
  endedAt?: number;
}

export type TaskStatus = 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled';

/** A task the server accepted. */
export interface TaskRecord {
  readonly id: string;
  /** The API key that pays. */
  readonly key: string;
  readonly idempotencyKey?: string;
  readonly prompt: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly finishedAt?: number;
  readonly status: TaskStatus;
  readonly progress: number;
  readonly sha256?: string;
  readonly sizeBytes?: number;
  readonly resultUrl?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly creditsReserved: number;
  readonly creditsUsed: number;
  /** How often its state was asked for, single or in a batch. */
  readonly queries: number;
  /** GETs of its result, and how many of them were answered whole and unharmed. */
  readonly resultFetches: number;
  readonly resultDelivered: number;
}

/** A file that was uploaded. */
export interface FileRecord {
  readonly id: string;
  readonly key: string;
  readonly fileName: string;
  readonly originalName: string;
  readonly uploadPath: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly url: string;
  readonly uploadedAt: number;
  readonly expiresAt: number;
  readonly deletedAt?: number;
  readonly downloads: number;
}

export interface BillingRecord {
  readonly remaining: number;
  readonly reserved: number;
  readonly used: number;
}

export interface LogFilter {
  readonly origin?: OriginName;
  readonly route?: RouteName;
  readonly method?: string;
  /** Only requests after this one: pass the last `seq` seen. */
  readonly afterSeq?: number;
}

/** The server as a test uses it, in this process or from another one. */
export interface OfflineApi {
  readonly urls: OfflineUrls;
  /** The first accepted key. */
  readonly key: string;
  log(filter?: LogFilter): Promise<LoggedRequest[]>;
  tasks(): Promise<TaskRecord[]>;
  files(): Promise<FileRecord[]>;
  billing(): Promise<BillingRecord>;
  /** Adds a rule; rules are tried in the order in which they came. */
  fault(rule: FaultRule): Promise<void>;
  /** All rules, with how many requests they saw and hit. */
  faults(): Promise<FaultUse[]>;
  clearFaults(): Promise<void>;
  configure(change: Partial<OfflineBehaviour>): Promise<void>;
  /** The server's time, with what `advanceClock` added. */
  now(): Promise<number>;
  advanceClock(ms: number): Promise<void>;
  /** Open connections. */
  connections(): Promise<Record<OriginName, number>>;
  /** Closes every open connection, as a server does that restarts. */
  dropConnections(): Promise<void>;
  /** Forgets tasks, files, faults and the log, and goes back to how it was started. */
  reset(): Promise<void>;
  /** Ends the server, also from another process. */
  close(): Promise<void>;
}
