import * as v from 'valibot';
import { type ErrorCode } from '../appError.ts';
import { EvolinkError } from './errors.ts';
import { type FailedAnswer, parseError } from './errorAnswer.ts';
import { list, parse, soft, softCode, softNumber, webUrl } from './fields.ts';

/** What the files service answers, parsed at the door as in `schema.ts`. */

/** A file on the provider's service, readable by anyone who has its address. */
export interface UploadedFile {
  /** A fingerprint of the account that it was sent to. */
  account?: string;
  fileId: string;
  /** http or https. */
  url: string;
  /** Milliseconds since 1970, by our clock. */
  expiresAt: number;
}

/** A file as it is listed. Only its id is certain. */
export interface ListedFile {
  fileId: string;
  /** The names it was sent with, whichever the service tells. */
  names: string[];
  url?: string;
  /** From its upload on, which was some time ago. */
  lifeMs: number;
}

/** How many files the account has, and may have; what is not told is absent. */
export interface FileQuota {
  usedFiles?: number;
  maxFiles?: number;
  remainingFiles?: number;
}

/** The provider's own code of a job that failed because the account may have no more files. */
export const quotaCode = 'files_quota';

const hourMs = 3600_000;
/** Documented are 72 hours. Where the answer does not say, a little less is assumed. */
const assumedLifeMs = 70 * hourMs;
const longestLifeMs = 366 * 24 * hourMs;

const softTime = soft(v.union([v.pipe(v.string(), v.maxLength(64)), v.number()]));
/** Longer than a name on any disk. A name that is cut would be another file's. */
const fileName = soft(v.pipe(v.string(), v.maxLength(1_024)));
const fileFields = {
  // Part of an address, in which dots alone are steps.
  file_id: v.union([v.pipe(v.string(), v.regex(/^(?!\.+$)\P{Cs}{1,512}$/u)), v.number()]),
  file_name: fileName,
  original_name: fileName,
  upload_time: softTime,
  expires_at: softTime,
};
const uploadedSchema = v.object({ data: v.object({ ...fileFields, file_url: webUrl }) });

export function parseUploadedFile(body: unknown, nowMs: number, requestId?: string): UploadedFile {
  const { data } = parse(uploadedSchema, body, 'file', requestId);
  const { file_id: id, file_url: url } = data;
  return { fileId: String(id), url, expiresAt: nowMs + lifeOf(data, nowMs) };
}

/**
 * By the span between two times of the server's own, so that a clock that is wrong, here or there,
 * makes no file live longer than it does. `uploadedMs` where the server does not tell it.
 */
function lifeOf(
  file: { upload_time?: string | number | undefined; expires_at?: string | number | undefined },
  uploadedMs = Number.NaN,
): number {
  const startMs = timeOf(file.upload_time) ?? uploadedMs;
  const lifeMs = (timeOf(file.expires_at) ?? Number.NaN) - startMs;
  return lifeMs > 0 && lifeMs < longestLifeMs ? lifeMs : assumedLifeMs;
}

/** A date as text, or seconds or milliseconds since 1970. */
function timeOf(value: string | number | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = typeof value === 'string' ? Date.parse(value) : value < 1e11 ? value * 1000 : value;
  return Number.isFinite(ms) ? ms : undefined;
}

const listedSchema = v.object({ ...fileFields, file_url: soft(webUrl) });
const items = soft(list);
/** The list itself has been seen under no page's name; these are the likely ones. */
const fileListSchema = v.object({
  data: soft(
    v.union([
      list,
      v.object({ files: items, list: items, items, records: items, total: softNumber }),
    ]),
  ),
  total: softNumber,
});

/**
 * One page of the account's files; entries that cannot be read are left out.
 * @throws EvolinkError `server` when it cannot be told which files there are: nobody may take that
 *   for an account without files.
 */
export function parseFileList(body: unknown, requestId?: string): ListedFile[] {
  const { data, total } = parse(fileListSchema, body, 'files', requestId);
  const inside = Array.isArray(data) ? { files: data } : data;
  const raw = inside?.files ?? inside?.list ?? inside?.items ?? inside?.records;
  const files = (raw ?? []).flatMap(toListedFile);
  const isEmpty = raw ? raw.length === 0 : (inside?.total ?? total) === 0;
  if (files.some(({ names }) => names.length > 0) || isEmpty) return files;
  const details = { sent: 'yes', ...(requestId !== undefined && { requestId }) } as const;
  throw new EvolinkError('server', 'The list of files cannot be read', details);
}

function toListedFile(item: unknown): ListedFile[] {
  const parsed = v.safeParse(listedSchema, item);
  if (!parsed.success) return [];
  const { file_id: id, file_name, original_name, file_url: url } = parsed.output;
  const names = [file_name, original_name].filter((name) => name !== undefined);
  const lifeMs = lifeOf(parsed.output);
  return [{ fileId: String(id), names, lifeMs, ...(url !== undefined && { url }) }];
}

const quotaSchema = v.object({
  data: v.object({
    used_files: softNumber,
    max_files: softNumber,
    remain_files: softNumber,
    remaining_files: softNumber,
  }),
});

export function parseQuota(body: unknown, requestId?: string): FileQuota {
  const { data } = parse(quotaSchema, body, 'quota', requestId);
  const remaining = data.remain_files ?? data.remaining_files;
  return {
    ...(data.used_files !== undefined && { usedFiles: data.used_files }),
    ...(data.max_files !== undefined && { maxFiles: data.max_files }),
    ...(remaining !== undefined && { remainingFiles: remaining }),
  };
}

const refusalSchema = v.object({
  success: v.literal(false),
  code: softCode,
});

/** Whether an answer says that nothing was done, whatever its HTTP status. */
export function isRefusal(body: unknown): boolean {
  return v.is(refusalSchema, body);
}

const successSchema = v.object({ success: v.literal(true) });

/** Whether the service itself says that it was done; any page can be answered with HTTP 200. */
export function isSuccess(body: unknown): boolean {
  return v.is(successSchema, body);
}

/** The service's own codes, where they say more than the status they begin with. */
const codes = new Map<number, { code: ErrorCode; providerCode?: string }>([
  [40001, { code: 'tooLarge' }],
  [40003, { code: 'badRequest', providerCode: quotaCode }],
]);

/** The error in an answer of the files service, which may stand on HTTP 200. */
export function parseFilesError(answer: FailedAnswer): EvolinkError {
  const refusal = v.safeParse(refusalSchema, answer.body);
  const code = refusal.success ? Number(refusal.output.code ?? Number.NaN) : Number.NaN;
  const status = statusOf(code) ?? refusedStatus(answer.status);
  const error = parseError({ ...answer, status });
  const own = codes.get(code);
  const providerCode = own?.providerCode ?? error.details.providerCode;
  const details = {
    ...error.details,
    ...(providerCode !== undefined && { providerCode }),
    ...(refusal.success && status < 500 && { isSureRefusal: true as const }),
  };
  return new EvolinkError(own?.code ?? error.code, error.message, details);
}

/** 40002 is a 400 of the service's, and 401 is an HTTP status in the body. */
function statusOf(code: number): number | undefined {
  const status = code >= 10_000 ? Math.floor(code / 100) : code;
  return status >= 400 && status <= 599 ? status : undefined;
}

/** A failure without a code, told as a success: nobody's mistake that we know of. */
function refusedStatus(status: number): number {
  return status >= 200 && status < 300 ? 500 : status;
}
