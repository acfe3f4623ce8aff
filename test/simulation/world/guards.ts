import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';
import zlib from 'node:zlib';

let isGuarded = false;

/**
 * Forbids what would make a run depend on the machine it runs on: whoever calls past the doors is
 * told so. To be called before the code under test is imported.
 */
export function forbidRealDoors(): void {
  for (const name of ['setTimeout', 'setInterval'] as const) forbid(globalThis, name);
  for (const name of [
    'open',
    'readFile',
    'readdir',
    'stat',
    'rename',
    'link',
    'copyFile',
    'rm',
    'mkdir',
    'unlink',
    'writeFile',
  ] as const)
    forbid(fsPromises, name);
  for (const name of ['createReadStream', 'createWriteStream'] as const) forbid(fs, name);
  // What works in threads ends when the machine pleases.
  for (const name of ['createGunzip', 'createInflate', 'createBrotliDecompress'] as const)
    forbid(zlib, name);
  forbid(timersPromises, 'setTimeout');
  forbid(Date, 'now');
  forbid(performance, 'now');
  forbid(Math, 'random');
  forbid(crypto, 'randomUUID');
  syncBuiltinESMExports();
}

function forbid<T extends object>(owner: T, name: keyof T & string): void {
  const original = owner[name] as (...args: unknown[]) => unknown;
  const guarded = function (this: unknown, ...args: unknown[]): unknown {
    if (isGuarded) throw new RealDoorError(name);
    return original.apply(this, args);
  };
  Object.defineProperty(owner, name, { value: guarded, configurable: true, writable: true });
}

/** The code under test has reached past its platform. */
export class RealDoorError extends Error {
  constructor(name: string) {
    super(`${name} was called past the platform`);
    this.name = 'RealDoorError';
  }
}

export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  isGuarded = true;
  try {
    return await work();
  } finally {
    isGuarded = false;
  }
}
