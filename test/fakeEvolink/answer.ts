/** An answer before it is sent, and the shapes of the provider's errors. */
import type { StatusFault } from './faults.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly replayed?: boolean;
}

export function jsonAnswer(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: Buffer.from(JSON.stringify(value)),
  };
}

export interface ErrorDetails {
  readonly status: number;
  readonly code: string | number;
  readonly message: string;
  readonly type?: string;
  readonly param?: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The gateway's error shape, the request id at the end of its message. */
export function errorAnswer(details: ErrorDetails, requestId: string): Answer {
  const { code, message, type = 'invalid_request_error', param, extra } = details;
  const error = {
    code,
    message: `${message} (request id: ${requestId})`,
    type,
    ...(param === undefined ? {} : { param }),
    ...extra,
  };
  return jsonAnswer(details.status, { error });
}

/** The files service's error shape. */
export function fileErrorAnswer(status: number, code: number, msg: string): Answer {
  return jsonAnswer(status, { success: false, code, msg });
}

const defaultCodes: Readonly<Record<number, readonly [string, string]>> = {
  400: ['invalid_request', 'Invalid request parameters'],
  401: ['unauthorized', 'Invalid token'],
  402: ['insufficient_quota', 'Insufficient credits'],
  403: ['model_access_denied', 'This token may not use this model'],
  404: ['not_found', 'Not found'],
  408: ['request_timeout', 'The request took too long'],
  409: ['idempotency_conflict', 'The idempotency key was used with another request'],
  413: ['request_too_large', 'Image file too large'],
  425: ['too_early', 'Too early'],
  429: ['rate_limit_exceeded', 'Too many requests, please slow down'],
  500: ['internal_error', 'Internal server error'],
  502: ['bad_gateway', 'Bad gateway'],
  503: ['service_unavailable', 'The service is busy'],
  504: ['gateway_timeout', 'Gateway timeout'],
};

function faultHtml(status: number, message: string): string {
  return `<!DOCTYPE html>
<html><head><title>${String(status)} ${message}</title></head>
<body><center><h1>${String(status)} ${message}</h1></center><hr><center>nginx</center></body></html>
`;
}

function faultJson(fault: StatusFault, code: string | number, message: string): unknown {
  if (fault.shape === 'msg')
    return { success: false, code: fault.code ?? fault.status, msg: message };
  const type = fault.status >= 500 ? 'server_error' : 'invalid_request_error';
  const param = fault.param === undefined ? {} : { param: fault.param };
  if (fault.shape === 'fallback') {
    const fallback = { fallback_suggestion: 'Use a smaller image or upload a file instead' };
    return { error: { code: fault.code ?? fault.status, message, type, ...fallback, ...param } };
  }
  return { error: { code, message, type, ...param, ...fault.extra } };
}

/** The answer of a status fault. */
export function statusAnswer(fault: StatusFault, requestId: string): Answer {
  const [defaultCode, defaultMessage] = defaultCodes[fault.status] ?? ['error', 'Unknown error'];
  const plain = fault.message ?? defaultMessage;
  const message = `${plain} (request id: ${requestId})`;
  const headers: Record<string, string> = { ...fault.headers };
  if (fault.retryAfter !== undefined) headers['retry-after'] = String(fault.retryAfter);
  const answer = (contentType: string, text: string): Answer => ({
    status: fault.status,
    headers: { 'content-type': contentType, ...headers },
    body: Buffer.from(text),
  });
  switch (fault.body ?? 'json') {
    case 'json':
      return jsonAnswer(
        fault.status,
        faultJson(fault, fault.code ?? defaultCode, message),
        headers,
      );
    case 'html':
      return answer('text/html; charset=utf-8', faultHtml(fault.status, plain));
    case 'text':
      return answer('text/plain; charset=utf-8', plain);
    case 'empty':
      return { status: fault.status, headers, body: Buffer.alloc(0) };
  }
}
