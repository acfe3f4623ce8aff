/** The key of a request, and its error when it is not valid. */
import type { ErrorDetails } from './answer.ts';
import type { Call } from './call.ts';

export type Caller = { readonly key: string } | { readonly refusal: ErrorDetails };

function refuse(status: number, code: string, message: string): Caller {
  const type = status === 401 ? 'authentication_error' : 'permission_error';
  return { refusal: { status, code, message, type } };
}

/** Reads the Bearer key and looks it up. */
export function callerOf(call: Call): Caller {
  const key = /^Bearer\s+(\S+)$/i.exec(call.request.headers.authorization ?? '')?.[1];
  if (key === undefined) return refuse(401, 'unauthorized', 'No API key was given');
  for (const accepted of call.serverState.behaviour.keys) {
    const { key: known, state } =
      typeof accepted === 'string' ? { key: accepted, state: 'ok' } : accepted;
    if (known !== key) continue;
    if (state === 'disabled') return refuse(401, 'KEY_DISABLED', 'This API key is disabled');
    if (state === 'expired') return refuse(401, 'KEY_EXPIRED', 'This API key has expired');
    if (state === 'forbidden') {
      return refuse(403, 'model_access_denied', 'This API key may not use this model');
    }
    return { key };
  }
  return refuse(401, 'unauthorized', 'Invalid API key');
}
