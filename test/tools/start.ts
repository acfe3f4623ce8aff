import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startOfflineApi } from '../fakeEvolink/startOfflineApi.ts';
import { drawOnce } from '../e2e/drawOnce.ts';
import { cacheFolder } from '../harness/cacheFolder.ts';
import { runProgram } from '../harness/runProgram.ts';
import { startWorkbench, type Workbench } from '../harness/startWorkbench.ts';

/**
 * `npm start`: the extension in the real VS Code, in the browser, with an offline EvoLink beside
 * it. With `--once "prompt"` it draws one image through the palette, prints its path, and ends.
 * With EVOLINK_API_KEY in the environment the real EvoLink draws, and is paid.
 */
const root = join(import.meta.dirname, '../..');
const folder = join(cacheFolder, 'start');
const workspace = join(folder, 'workspace');
const realKey = process.env['EVOLINK_API_KEY'];

async function main(): Promise<void> {
  const prompt = promptToDrawOnce();
  const api = realKey
    ? undefined
    : await startOfflineApi({ taskMs: 8_000, jitter: 0.3, drawing: 'full' });
  let workbench: Workbench | undefined;
  try {
    console.log('Building the extension…');
    await runProgram(process.execPath, [join(root, 'esbuild.js'), '--production'], { cwd: root });
    await makeWorkspace(prompt !== undefined);
    workbench = await startWorkbench({
      version: 'newest',
      workspace,
      dataDir: join(folder, 'profile'),
      extensionDevelopmentPath: root,
      env: { EVOLINK_API_KEY: realKey ?? api?.key },
      ...(api && {
        machineSettings: {
          'imageStudio.apiBaseUrl': api.urls.api,
          'imageStudio.filesBaseUrl': api.urls.files,
        },
      }),
    });
    console.log(
      realKey
        ? 'Images are drawn by EvoLink and paid with your key.'
        : 'Images are drawn offline and cost nothing.',
    );
    if (prompt === undefined) await serve(workbench);
    else console.log(await drawOnce(await workbench.open(), prompt, workspace));
  } finally {
    await workbench?.stop();
    await api?.close();
  }
}

function promptToDrawOnce(): string | undefined {
  const args = process.argv.slice(2);
  const index = args.indexOf('--once');
  if (index === -1) return undefined;
  const prompt = args[index + 1];
  if (prompt === undefined)
    throw new Error('Say what to draw: npm start -- --once "a red fox in the snow"');
  return prompt;
}

/** A workspace to play in, kept between starts; anew for a single image. */
async function makeWorkspace(isAnew: boolean): Promise<void> {
  if (isAnew) await rm(workspace, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(join(root, 'test', 'fixtures', 'workspace'), workspace, {
    recursive: true,
    force: false,
  });
}

async function serve(workbench: Workbench): Promise<void> {
  console.log(`\nOpen ${workbench.url}\n`);
  console.log('Press F1 and run "Image Studio: Generate Image…". End with Ctrl+C.');
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}

await main();
// A browser that was told to close may linger; the work is done.
process.exit(0);
