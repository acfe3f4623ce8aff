import type * as vscode from 'vscode';
import { keyRedactor, type Redactor } from '../evolink/keyRedactor.ts';

/** Something the log must never hold. */
const keyShapes = [
  /(authorization|proxy-authorization)(["']?\s*[:=]\s*["']?)([a-z]+\s+)?[^\s"',}]+/gi,
  /\bbearer\s+[\w.~+/=-]+/gi,
  /\bsk-[\w-]{6,}/g,
];

const webAddress = /https?:\/\/[^\s"'<>]+/gi;
const lineEnds = /[\r\n\v\f\u0085\u2028\u2029]+/g;
/** Not tabs, and not what ends a line. Marks of direction would show a line in another order. */
const unseen = /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const maxChars = 4_000;
/** A secret is no longer, however it is written. */
const maxSpellingChars = 2 * maxChars;
/** So much is looked at, so that no secret is cut in half by the limit. */
const maxReadChars = 4 * maxChars;

export interface Log {
  info: (line: string) => void;
  error: (line: string) => void;
  /** From now on this text is left out wherever it would appear, also escaped or encoded. */
  hide: (secret: string) => void;
  show: () => void;
}

/**
 * The one place lines are written; it takes secrets out, so no caller has to remember. What follows
 * a line within one entry begins with a bar, so that no text can look like another entry.
 */
export function createLog(channel: vscode.LogOutputChannel): Log {
  const secrets = new Map<string, Redactor>();

  function clean(line: string): string {
    let text = line.slice(0, maxReadChars);
    // The longest first: one may hold another.
    const byLength = [...secrets].sort(([a], [b]) => b.length - a.length);
    for (const [secret, redact] of byLength) text = redact(text.replaceAll(secret, '[secret]'));
    // What was cut may have been cut within a secret.
    if (line.length > maxReadChars) text = text.slice(0, -maxSpellingChars);
    for (const shape of keyShapes) text = text.replace(shape, '[secret]');
    // Credentials in an address, as a proxy may have them.
    text = text.replace(/:\/\/[^/\s]+@/g, '://[secret]@');
    text = text.replace(webAddress, withoutQuery).replace(lineEnds, '\n  | ').replace(unseen, '');
    return text.length > maxChars ? `${text.slice(0, maxChars)}…` : text;
  }

  /** What cannot be logged, as in a window that closes, must not break what it tells of. */
  function write(level: 'info' | 'error', line: string): void {
    try {
      channel[level](clean(line));
    } catch {
      // A closed channel throws.
    }
  }

  return {
    info: (line) => write('info', line),
    error: (line) => write('error', line),
    hide: (secret) => {
      if (secret !== '' && !secrets.has(secret)) secrets.set(secret, keyRedactor(secret));
    },
    show: () => channel.show(),
  };
}

/** Whoever has a signed address can read what it leads to. */
function withoutQuery(address: string): string {
  const end = address.search(/[?#]/);
  return end === -1 ? address : `${address.slice(0, end)}?…`;
}
