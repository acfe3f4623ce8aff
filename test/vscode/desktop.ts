import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectFolder } from './cacheFolder.ts';
import { runInDesktop } from './runInDesktop.ts';

// The program behind `npm run test:desktop`.

const testsPath = join(projectFolder, 'dist/test/host/index.cjs');

async function main(): Promise<number> {
  if (!existsSync(testsPath)) {
    throw new Error('The host suite is not built. Run "npm run build" first.');
  }
  const workspace = await mkdtemp(join(tmpdir(), 'image-studio-workspace-'));
  try {
    for (const version of ['newest', 'oldest'] as const) {
      const code = await runInDesktop({
        version,
        workspace,
        extensionPath: projectFolder,
        testsPath,
      });
      if (code !== 0) return code;
    }
    return 0;
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
