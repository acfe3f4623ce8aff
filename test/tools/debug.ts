import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startOfflineApi } from '../fakeEvolink/startOfflineApi.ts';
import { cacheFolder, projectFolder } from '../harness/cacheFolder.ts';
import { quietSettings } from '../harness/quietSettings.ts';

/**
 * What F5 starts beside the editor: the offline EvoLink on fixed ports, and a profile whose
 * settings lead there. Ports and key are those of .vscode/launch.json.
 */
const folder = join(cacheFolder, 'debug');
const ports = { api: 8790, files: 8791, media: 8792, control: 8793 };

console.log('Starting the offline EvoLink…');
const api = await startOfflineApi({ ports, taskMs: 3_000, jitter: 0.3, drawing: 'full' });
const settings = {
  ...quietSettings,
  'imageStudio.apiBaseUrl': api.urls.api,
  'imageStudio.filesBaseUrl': api.urls.files,
};
await mkdir(join(folder, 'User'), { recursive: true });
await mkdir(join(folder, 'empty'), { recursive: true });
await writeFile(join(folder, 'User', 'settings.json'), JSON.stringify(settings, undefined, 2));
const workspace = join(projectFolder, 'test', 'fixtures', 'workspace');
await cp(workspace, join(folder, 'workspace'), { recursive: true, force: false });
console.log(`Ready: ${api.urls.api}`);
