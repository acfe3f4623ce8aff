/** The media origin: the images, for anyone who has the URL. */
import type { Answer } from './answer.ts';
import type { Handler } from './call.ts';
import type { RouteName } from './types.ts';

const reasons: Readonly<Record<number, string>> = { 403: 'AccessDenied', 404: 'NoSuchKey' };

/** The storage's answer for an object that does not exist. */
export function goneAnswer(status: number): Answer {
  const code = reasons[status] ?? 'Expired';
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`),
  };
}

const result: Handler = ({ serverState, id }) => {
  const task = serverState.tasks.findForResult(id);
  if (task === undefined) return goneAnswer(404);
  if (task.status !== 'completed' || task.image === undefined) return goneAnswer(404);
  if (serverState.tasks.isResultExpired(task)) return goneAnswer(410);
  const { bytes, mimeType, sha256 } = task.image;
  const headers = { 'content-type': mimeType, etag: `"${sha256.slice(0, 32)}"` };
  return { status: 200, headers, body: bytes };
};

export const mediaHandlers: Partial<Record<RouteName, Handler>> = { result };
