import type * as vscode from 'vscode';

/** Something the log must never hold. */
const keyShapes = [
  /(authorization|proxy-authorization)(["']?\s*[:=]\s*["']?)([a-z]+\s+)?[^\s"',}]+/gi,
  /\bbearer\s+[\w.~+/=-]+/gi,
  /\bsk-[\w-]{6,}/g,
];

export interface Log {
  info: (line: string) => void;
  error: (line: string) => void;
  /** From now on this text is left out wherever it would appear. */
  hide: (secret: string) => void;
  show: () => void;
}

/** The one place lines are written; it takes secrets out, so no caller has to remember. */
export function createLog(channel: vscode.LogOutputChannel): Log {
  const secrets = new Set<string>();

  function clean(line: string): string {
    let text = line;
    // The longest first: one may hold another.
    const byLength = [...secrets].sort((a, b) => b.length - a.length);
    for (const secret of byLength) text = text.replaceAll(secret, '[secret]');
    for (const shape of keyShapes) text = text.replace(shape, '[secret]');
    // Credentials in an address, as a proxy may have them.
    return text.replace(/:\/\/[^/\s]+@/g, '://[secret]@');
  }

  return {
    info: (line) => channel.info(clean(line)),
    error: (line) => channel.error(clean(line)),
    hide: (secret) => {
      if (secret !== '') secrets.add(secret);
    },
    show: () => channel.show(),
  };
}
