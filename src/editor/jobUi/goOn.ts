import * as vscode from 'vscode';
import type { Engine } from '../../jobs/engine.ts';
import { isStoreError } from '../../jobs/store/storeErrors.ts';
import { fillIn } from '../say/fillIn.ts';

const keyWorks = new vscode.EventEmitter<void>();
/** Fires when a user was told, where a key was entered, that it works and what goes on. */
export const onDidSayKeyWorks = keyWorks.event;

export function noteKeySaid(): void {
  keyWorks.fire();
}

/**
 * How many images wait for the key, for credits or for the network, in the queue or while they are
 * drawn; 0 while the store cannot be read.
 */
export function countHeld(engine: Pick<Engine, 'pause' | 'trouble' | 'listUnfinished'>): number {
  const reason = engine.pause()?.reason;
  const isHeld = reason === 'key' || reason === 'credits' || reason === 'network';
  const isUnwatched = engine.trouble() !== undefined;
  if (!isHeld && !isUnwatched) return 0;
  try {
    return engine
      .listUnfinished()
      .filter((job) => ('taskId' in job ? isUnwatched && job.state === 'running' : isHeld)).length;
  } catch (thrown) {
    if (!isStoreError(thrown)) throw thrown;
    return 0;
  }
}

/** Said when what images waited for is there. */
export function goOnSentence(count: number): string {
  return count === 1
    ? vscode.l10n.t('1 image goes on.')
    : fillIn(vscode.l10n.t('{0} images go on.'), count);
}
