/** Which route a request is for. */
import type { OriginName, RouteName } from './types.ts';

export interface Route {
  readonly name: RouteName;
  /** The task or file the path names. */
  readonly id: string;
}

type Row = readonly [origin: OriginName, method: string, path: RegExp, name: RouteName];

const rows: readonly Row[] = [
  ['api', 'POST', /^\/v1\/images\/generations$/, 'create'],
  ['api', 'POST', /^\/v1\/tasks\/batch$/, 'batch'],
  ['api', 'GET', /^\/v1\/tasks\/([^/]+)$/, 'query'],
  ['api', 'GET', /^\/v1\/tasks$/, 'list'],
  ['api', 'GET', /^\/v1\/credits$/, 'credits'],
  ['api', 'GET', /^\/web\/api\/models\/pricing$/, 'pricing'],
  ['files', 'POST', /^\/api\/v1\/files\/upload\/stream$/, 'uploadStream'],
  ['files', 'POST', /^\/api\/v1\/files\/upload\/base64$/, 'uploadBase64'],
  ['files', 'POST', /^\/api\/v1\/files\/upload\/url$/, 'uploadUrl'],
  ['files', 'GET', /^\/api\/v1\/files\/quota$/, 'quota'],
  ['files', 'GET', /^\/api\/v1\/files\/list$/, 'listFiles'],
  ['files', 'DELETE', /^\/api\/v1\/files\/([^/]+)$/, 'deleteFile'],
  ['files', 'GET', /^\/public\/(.+)$/, 'download'],
  ['media', 'GET', /^\/images\/([^/]+)\.\w+$/, 'result'],
];

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function findRoute(origin: OriginName, method: string, path: string): Route {
  for (const [rowOrigin, rowMethod, pattern, name] of rows) {
    if (rowOrigin !== origin || rowMethod !== method) continue;
    const match = pattern.exec(path);
    if (match !== null) return { name, id: decoded(match[1] ?? '') };
  }
  return { name: 'unknown', id: '' };
}
