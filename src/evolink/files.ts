import { type Answer, type AuthorizedRequest, createAuthorizedCall } from './authorizedCall.ts';
import { readAgain } from './client.ts';
import { type ClientPlatform, nodeClientPlatform } from './clientPlatform.ts';
import { type Cooldown, createCooldown, type RequestKind } from './cooldown.ts';
import { EvolinkError } from './errors.ts';
import {
  type FileQuota,
  isRefusal,
  isSuccess,
  type ListedFile,
  parseFileList,
  parseFilesError,
  parseQuota,
  parseUploadedFile,
  type UploadedFile,
} from './filesSchema.ts';
import type { Transport } from './transport.ts';

/** Bytes to be sent, which are read once for each attempt. */
export interface UploadSource {
  /** Unique: the service overwrites what has the same name. Plain letters, digits, `-`, `_`, `.`. */
  fileName: string;
  mimeType: string;
  /** Exactly as many as `open` yields. */
  sizeBytes: number;
  /** A chunk holds until the next is asked for. */
  open: () => AsyncIterable<Uint8Array>;
}

export interface FilesClientOptions {
  transport: Pick<Transport, 'send'>;
  /** Without a slash at the end, e.g. `https://files-api.evolink.ai`. */
  filesBaseUrl: () => string;
  /** The key, or undefined when there is none. */
  apiKey: () => Promise<string | undefined>;
  log?: (line: string) => void;
  /** Node's when absent. */
  platform?: ClientPlatform;
  /** Shared with others who ask the same provider; of its own when absent. */
  cooldown?: Cooldown;
}

/** The provider's file service (docs: "Files"). Every method throws EvolinkError and nothing else. */
export interface FilesClient {
  /**
   * `POST /api/v1/files/upload/stream`: makes a file that anyone with its address can read for 72
   * hours. Sent as it is read; sent again under the same name, it replaces what the first made.
   * @throws `tooLarge`; `badRequest`, with the provider's code `files_quota` when there may be no
   *   more files.
   */
  upload(
    source: UploadSource,
    signal: AbortSignal,
    onProgress?: (sentBytes: number) => void,
  ): Promise<UploadedFile>;
  /** `DELETE /api/v1/files/{id}` (seen in the provider's clients). */
  delete(fileId: string, signal: AbortSignal): Promise<Deletion>;
  /** A fingerprint of key and host as they are now. @throws EvolinkError `noKey` */
  account(): Promise<string>;
  /** `GET /api/v1/files/quota`. */
  quota(signal: AbortSignal): Promise<FileQuota>;
  /**
   * `GET /api/v1/files/list` (seen in the provider's clients): `listPageSize` files, from page 1.
   * @throws `server` when the answer does not tell which files there are.
   */
  list(page: number, signal: AbortSignal): Promise<ListedFile[]>;
}

export interface Deletion {
  /**
   * `yes` and `no` are the service's own words; with `no`, the file is gone, or another account's.
   * `unknown`: what answered may stand between, such as a page to sign in to a network.
   */
  wasThere: 'yes' | 'no' | 'unknown';
  /** A fingerprint of the account that was asked. */
  account: string;
}

export const listPageSize = 100;
const uploadFolder = 'image-studio';
const folder = '/api/v1/files';

export function createFilesClient(options: FilesClientOptions): FilesClient {
  const platform = options.platform ?? nodeClientPlatform;
  const cooldown = options.cooldown ?? createCooldown(platform.monotonicMs);
  const call = createAuthorizedCall({ ...options, platform, baseUrl: options.filesBaseUrl });

  function ask(kind: RequestKind, { path, ...request }: AuthorizedRequest): Promise<Answer> {
    return cooldown.run(kind, async (beforeSending) => {
      const answer = await call.send({ ...request, path: `${folder}/${path}`, beforeSending });
      if (isRefused(answer)) throw parseFilesError(answer);
      return answer;
    });
  }

  async function upload(
    source: UploadSource,
    signal: AbortSignal,
    onProgress?: (sentBytes: number) => void,
  ): Promise<UploadedFile> {
    const form = formOf(source, platform.randomId());
    const { body, requestId, account } = await ask('uploads', {
      method: 'POST',
      path: 'upload/stream',
      headers: { 'content-type': form.contentType, 'content-length': String(form.sizeBytes) },
      body: () => form.open(onProgress),
      signal,
    });
    return { ...parseUploadedFile(body, platform.now(), requestId), account };
  }

  function remove(fileId: string, signal: AbortSignal): Promise<Deletion> {
    const path = `${folder}/${encodeURIComponent(fileId)}`;
    return cooldown.run('files', async (beforeSending) => {
      const answer = await call.send({ method: 'DELETE', path, signal, beforeSending });
      const { account } = answer;
      if (!isRefused(answer))
        return { wasThere: isSuccess(answer.body) ? 'yes' : 'unknown', account };
      const error = parseFilesError(answer);
      if (error.code !== 'notFound') throw error;
      options.log?.(`The file ${fileId} is not there`);
      return { wasThere: error.details.isSureRefusal ? 'no' : 'unknown', account };
    });
  }

  async function quota(signal: AbortSignal): Promise<FileQuota> {
    return await readAgain(
      async () => {
        const request = { method: 'GET', path: 'quota', signal } as const;
        const { body, requestId } = await ask('files', request);
        return parseQuota(body, requestId);
      },
      signal,
      platform,
    );
  }

  async function list(page: number, signal: AbortSignal): Promise<ListedFile[]> {
    const path = `list?page=${String(page)}&pageSize=${String(listPageSize)}`;
    return await readAgain(
      async () => {
        const { body, requestId } = await ask('files', { method: 'GET', path, signal });
        return parseFileList(body, requestId);
      },
      signal,
      platform,
    );
  }

  return {
    upload,
    delete: remove,
    account: call.account,
    quota,
    list,
  };
}

/** The service refuses on HTTP 200, too. */
function isRefused({ status, body }: Answer): boolean {
  return status < 200 || status >= 300 || isRefusal(body);
}

/** `multipart/form-data` with one file, of a length known before. */
function formOf(source: UploadSource, id: string) {
  const boundary = `image-studio-${id}`;
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  // The fields first: a service that reads as it comes knows them before the file.
  const head = Buffer.from(
    field('upload_path', uploadFolder) +
      field('file_name', source.fileName) +
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; ` +
      `filename="${source.fileName}"\r\nContent-Type: ${source.mimeType}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* parts(onProgress?: (sentBytes: number) => void) {
    yield head;
    yield* counted(source, onProgress);
    yield tail;
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    sizeBytes: head.length + source.sizeBytes + tail.length,
    open: parts,
  };
}

/** The file's own bytes. One that is not as long as was said would leave the server waiting. */
async function* counted(
  source: UploadSource,
  onProgress: ((sentBytes: number) => void) | undefined,
): AsyncGenerator<Uint8Array> {
  let sentBytes = 0;
  for await (const chunk of source.open()) {
    sentBytes += chunk.byteLength;
    if (sentBytes > source.sizeBytes) break;
    yield chunk;
    onProgress?.(sentBytes);
  }
  if (sentBytes !== source.sizeBytes) throw changedError(source.fileName);
}

/** What arrived is neither what the file was nor what it is. */
export function changedError(name: string): EvolinkError {
  const details = { reference: { name, problem: 'changed' }, sent: 'maybe' } as const;
  return new EvolinkError('badRequest', 'The file changed while it was sent', details);
}
