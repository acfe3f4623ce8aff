import { modelRules } from './modelRules.ts';
import type { OfflineBehaviour, OfflineOptions } from './types.ts';

export const defaultKey = 'sk-offline-0123456789abcdef';
const hourMs = 3_600_000;

/** The default behaviour. */
export function startingBehaviour(options: OfflineOptions): OfflineBehaviour {
  const { ports: _ports, tls: _tls, seed: _seed, ...behaviour } = options;
  return {
    keys: [defaultKey],
    models: Object.keys(modelRules),
    withdrawnModels: [],
    taskMs: 2_000,
    jitter: 0,
    taskLifeMs: 7 * 24 * hourMs,
    resultLifeMs: 24 * hourMs,
    uploadLifeMs: 72 * hourMs,
    credits: 1_000,
    creditsPerTask: 2.5,
    drawing: 'fast',
    maxFiles: 2_000,
    uploadBytesPerSecond: 0,
    maxFileBytes: 100 * 1024 * 1024,
    batch: true,
    list: true,
    idempotency: true,
    pricing: true,
    replayAs: 'first',
    fileErrorsOn200: false,
    offline: false,
    ...behaviour,
  };
}
