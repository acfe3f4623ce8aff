/** A variable of a setting, such as `${documentDirName}`, `${env:HOME}` or `${name/(.*)/$1.x/}`. */
export interface SettingVariable {
  /** What stands between the braces. */
  text: string;
  /** Empty when the text has the form of no variable. */
  name: string;
  /** What stands behind a colon. */
  argument?: string;
  transform?: Transform;
}

/** What becomes of a value: what the expression finds in it is replaced, as JavaScript does it. */
export interface Transform {
  pattern: string;
  replacement: string;
}

/** Why a transform has no result. */
export type TransformFault = 'invalid' | 'slow';

/** A setting's text in pieces: plain text as it stands, and variables. */
export function parseVariables(setting: string): (string | SettingVariable)[] {
  const pieces: (string | SettingVariable)[] = [];
  for (let at = 0; at < setting.length;) {
    const start = setting.indexOf('${', at);
    if (start !== at) pieces.push(setting.slice(at, start === -1 ? undefined : start));
    if (start === -1) break;
    const end = setting.indexOf('}', start);
    if (end === -1) {
      pieces.push({ text: setting.slice(start + 2), name: '' });
      break;
    }
    pieces.push(parseVariable(setting.slice(start + 2, end)));
    at = end + 1;
  }
  return pieces;
}

function parseVariable(text: string): SettingVariable {
  const [name = ''] = /^\w+/.exec(text) ?? [];
  const rest = text.slice(name.length);
  if (rest === '') return { text, name };
  if (rest.startsWith(':')) return { text, name, argument: rest.slice(1) };
  const transform = rest.startsWith('/') ? parseTransform(rest.slice(1)) : undefined;
  return transform ? { text, name, transform } : { text, name: '' };
}

/** `pattern/replacement/`, where `\/` is a slash. */
function parseTransform(text: string): Transform | undefined {
  const parts = splitAtSlashes(text);
  const [pattern = '', replacement = ''] = parts;
  return parts.length === 3 && pattern !== '' && parts[2] === ''
    ? { pattern, replacement }
    : undefined;
}

function splitAtSlashes(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text.startsWith('\\/', at)) at += 1;
    else if (text[at] === '/') {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)].map((part) => part.replaceAll('\\/', '/'));
}
