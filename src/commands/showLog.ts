import type { CommandDeps } from './commandDeps.ts';

export function showLog({ log }: CommandDeps): void {
  log.show();
}
