import { runInNewContext } from 'node:vm';
import type { Transform, TransformFault } from './settingVariables.ts';

export class TransformError extends Error {
  readonly fault: TransformFault;

  constructor(fault: TransformFault, cause: unknown) {
    super(`The transform is ${fault}`, { cause });
    this.name = 'TransformError';
    this.fault = fault;
  }
}

/** Any sensible expression has done a path by then. */
const limitMs = 100;
/** Each would hold up the window again whenever a setting is read. */
const slowPatterns = new Set<string>();
const maxSlowPatterns = 1_000;

/**
 * Replaces what an expression of a workspace finds in a value. An expression can take longer than
 * the world lasts, and only a script of its own can be ended. @throws TransformError
 */
export function applyTransform(value: string, { pattern, replacement }: Transform): string {
  const key = JSON.stringify([pattern, value]);
  if (slowPatterns.has(key)) throw new TransformError('slow', undefined);
  try {
    const script = 'value.replace(new RegExp(pattern), replacement)';
    const facts = { value, pattern, replacement };
    return String(runInNewContext(script, facts, { timeout: limitMs }));
  } catch (thrown) {
    const { code } = thrown as { code?: unknown };
    const fault = code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? 'slow' : 'invalid';
    if (fault === 'slow' && slowPatterns.size < maxSlowPatterns) slowPatterns.add(key);
    throw new TransformError(fault, thrown);
  }
}
