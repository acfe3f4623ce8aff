import { AppError, type ErrorDetails, toAppError } from '../appError.ts';
import { accountFingerprint } from './accountFingerprint.ts';
import type { ClientPlatform } from './clientPlatform.ts';
import { cutText } from './cutText.ts';
import { EvolinkError } from './errors.ts';
import { maxNameChars } from './fields.ts';
import { keyRedactor, type Redactor } from './keyRedactor.ts';
import { chainOf } from './networkErrors.ts';
import { cleanJson, readBody, retryAfterMs } from './readAnswer.ts';
import { headerOf, type HttpRequest, type Transport } from './transport.ts';

/**
 * The one place that sends the key. The key is taken out of whatever comes back, an answer or an
 * error, before anything else sees it.
 */

export interface AuthorizedRequest extends Omit<HttpRequest, 'url'> {
  /** From the base URL on, with a slash. */
  path: string;
  /** The account that must be asked. @throws AccountChangedError for another */
  account?: string | undefined;
  /** Called when the next step is the network. What it throws keeps the request from being sent. */
  beforeSending?: (() => void) | undefined;
}

export interface Answer {
  status: number;
  /** JSON, or text. Of a refusal it is empty when it did not arrive whole. */
  body: unknown;
  requestId?: string;
  retryAfterMs?: number;
  /** A fingerprint of the key that was sent, and of the host. */
  account: string;
}

export interface AuthorizedCallOptions {
  transport: Pick<Transport, 'send'>;
  /** Without a slash at the end, e.g. `https://api.evolink.ai`. */
  baseUrl: () => string;
  /** The key, or undefined when there is none. */
  apiKey: () => Promise<string | undefined>;
  platform: Pick<ClientPlatform, 'now' | 'monotonicMs' | 'unpackers'>;
}

export interface AuthorizedCall {
  /** Any status is an answer. @throws EvolinkError */
  send: (request: AuthorizedRequest) => Promise<Answer>;
  /** A fingerprint of key and host as they are now. @throws EvolinkError `noKey` */
  account: () => Promise<string>;
}

export function createAuthorizedCall(options: AuthorizedCallOptions): AuthorizedCall {
  async function send({
    path,
    account,
    beforeSending,
    ...request
  }: AuthorizedRequest): Promise<Answer> {
    const key = await readKey(options.apiKey);
    const baseUrl = options.baseUrl();
    const asked = accountFingerprint(baseUrl, key);
    if (account !== undefined && account !== asked) throw new AccountChangedError();
    beforeSending?.();
    const clean = keyRedactor(key);
    try {
      return { ...(await exchange(`${baseUrl}${path}`, key, request, clean)), account: asked };
    } catch (thrown) {
      throw cleanError(thrown, clean);
    }
  }

  async function exchange(
    url: string,
    key: string,
    request: Omit<HttpRequest, 'url'>,
    clean: Redactor,
  ): Promise<Omit<Answer, 'account'>> {
    const headers = { authorization: `Bearer ${key}`, ...request.headers };
    const answer = await options.transport.send({ ...request, url, headers });
    const { status } = answer;
    const { platform } = options;
    const body = await readBody(answer, { signal: request.signal, platform, clean }).catch(
      (thrown: unknown) => {
        if (status >= 200 && status < 300) throw thrown;
        // A refusal whose words are cut off is still that refusal.
        return '';
      },
    );
    const requestId = headerOf(answer, 'x-request-id') ?? headerOf(answer, 'x-oneapi-request-id');
    const waitMs = retryAfterMs(answer, platform.now());
    return {
      status,
      body,
      ...(requestId !== undefined && { requestId: cutText(clean(requestId), maxNameChars) }),
      ...(waitMs !== undefined && { retryAfterMs: waitMs }),
    };
  }

  return {
    send,
    account: async () => accountFingerprint(options.baseUrl(), await readKey(options.apiKey)),
  };
}

/** The key or the host is another than the one that a request belongs to. Nothing was sent. */
export class AccountChangedError extends EvolinkError {
  constructor() {
    super('unconfirmed', 'The API key or the host was changed', { sent: 'no' });
    this.name = 'AccountChangedError';
  }
}

/** @throws EvolinkError `noKey`, with which nothing was sent, also when the keyring refuses. */
async function readKey(apiKey: () => Promise<string | undefined>): Promise<string> {
  let key: string | undefined;
  try {
    key = await apiKey();
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'noKey')
      throw new EvolinkError('noKey', thrown.message, { sent: 'no' }, thrown);
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new EvolinkError(
      'noKey',
      `The API key cannot be read: ${reason}`,
      { sent: 'no' },
      thrown,
    );
  }
  if (!key) throw new EvolinkError('noKey', 'No API key is set', { sent: 'no' });
  return key;
}

/** The same error, or one in its place when the key is in it or in what caused it. */
function cleanError(thrown: unknown, clean: Redactor): unknown {
  const details = thrown instanceof AppError ? thrown.details : {};
  const texts = [
    String(thrown),
    JSON.stringify(details),
    ...chainOf(thrown).map(({ message, stack }) => `${message} ${String(stack)}`),
  ];
  if (texts.every((text) => clean(text) === text)) return thrown;
  const { code, message } = toAppError(thrown);
  return new EvolinkError(code, clean(message), cleanJson(details, clean) as ErrorDetails);
}
