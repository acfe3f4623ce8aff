import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectFolder } from './cacheFolder.ts';
import type { VSCodeVersion } from './installVSCode.ts';
import { installVSCode } from './installVSCode.ts';
import { runInExtensionHost } from './runInExtensionHost.ts';
import { runProgram } from './runProgram.ts';
import { startWorkbench, type Workbench } from './startWorkbench.ts';
import { waitUntil } from './waitUntil.ts';
import { WorkbenchPage } from './workbenchPage.ts';

// Tests this module on this machine without the extension. Run it when a host or journey test fails
// in a way that suggests the editor rather than the extension.
//   node test/harness/selfCheck.ts [newest|oldest]

const hello = join(import.meta.dirname, 'fixtures/hello');
const environment = { IMAGE_STUDIO_TEST_WORD: 'word' };
const machineSettings = { 'hello.machine': 'of the machine' };
// A setting of the machine must not be taken from here.
const userSettings = { 'hello.user': 'of the user', 'hello.machine': 'of the user' };

interface Report {
  pid: number;
  environment: string | null;
  machineSetting: string;
  userSetting: string;
  secret: string | null;
  isTrusted: boolean;
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  console.log(`  ${((performance.now() - startedAt) / 1000).toFixed(1)} s  ${what}`);
  return result;
}

async function makeWorkspace(folder: string, name: string): Promise<string> {
  const workspace = await mkdtemp(join(folder, name));
  await writeFile(join(workspace, 'note.txt'), 'A note');
  return workspace;
}

async function checkHost(version: VSCodeVersion, folder: string): Promise<void> {
  for (const restrictedMode of [false, true]) {
    const workspace = await makeWorkspace(folder, 'host-');
    const { code } = await timed(
      `suite in the extension host${restrictedMode ? ', Restricted Mode' : ''}`,
      () =>
        runInExtensionHost({
          version,
          workspace,
          extensionPath: hello,
          testsPath: join(hello, 'suite.cjs'),
          env: { ...environment, IMAGE_STUDIO_TEST_TRUSTED: String(!restrictedMode) },
          machineSettings,
          userSettings,
          restrictedMode,
          timeoutMs: 60_000,
        }),
    );
    assert.equal(code, 0);
  }
}

async function readReport(window: WorkbenchPage, workspace: string): Promise<Report> {
  const path = join(workspace, 'report.json');
  await rm(path, { force: true });
  await window.runCommand('Hello: Write Report');
  return waitUntil('the report', async () => {
    const text = await readFile(path, 'utf8').catch(() => '');
    return text.endsWith('}') && (JSON.parse(text) as Report);
  });
}

async function greet(window: WorkbenchPage, name: string): Promise<void> {
  await window.quickInput.expectPlaceholder('Your name');
  await window.quickInput.clickButton('More');
  await window.quickInput.expectValue('Button');
  await window.quickInput.type(name);
  await window.quickInput.accept();
}

async function checkJourney(window: WorkbenchPage, version: VSCodeVersion): Promise<void> {
  await timed('palette, input, notification, webview', async () => {
    await window.runCommand('Hello: Greet…');
    await greet(window, 'Ann');
    await window.notifications.clickButton('Hello Ann', 'Show Webview');
    const frame = await window.webviewFrame('Hello Page');
    await frame.getByRole('button').click();
    await frame.getByText('Clicked').waitFor();
    assert.deepEqual(await window.editorTabs(), ['Hello Page']);
  });
  await timed('menu of the explorer', async () => {
    await window.chooseFromExplorerMenu('note.txt', 'Greet…');
    await greet(window, 'Bob');
    await window.notifications.expect('Hello Bob from note.txt');
  });
  console.log(`  screenshot: ${await window.screenshot(`self-check-${version}`)}`);
}

async function checkCrash(workbench: Workbench, window: WorkbenchPage): Promise<void> {
  const [first] = await workbench.extensionHostPids();
  assert.ok(first !== undefined);
  await timed('second window', async () => {
    const second = new WorkbenchPage(await workbench.open());
    await second.statusBarItem('Hello bar').waitFor();
    assert.equal((await workbench.extensionHostPids()).length, 2);
    await second.page.close();
    await waitUntil('one host', async () => (await workbench.extensionHostPids()).length === 1);
  });
  await timed('killed extension host comes back', async () => {
    await workbench.killExtensionHost(first);
    await waitUntil('another host', async () => {
      const [pid] = await workbench.extensionHostPids();
      return pid !== undefined && pid !== first;
    });
  });
  await timed('reload', async () => {
    await window.reload();
    await window.statusBarItem('Hello bar').waitFor();
  });
}

async function checkWorkbench(version: VSCodeVersion, vsix: string, folder: string): Promise<void> {
  const workspace = await makeWorkspace(folder, 'workbench-');
  const options = {
    version,
    vsix,
    workspace,
    dataDir: await mkdtemp(join(folder, 'data-')),
    env: environment,
    userSettings,
    machineSettings,
  };
  const start = () => timed('start of the workbench', () => startWorkbench(options));
  const open = (workbench: Workbench) =>
    timed('window', async () => new WorkbenchPage(await workbench.open()));
  let workbench = await start();
  try {
    const window = await open(workbench);
    await checkJourney(window, version);
    const report = await readReport(window, workspace);
    assert.equal(report.secret, 'Bob');
    assert.equal(report.environment, 'word');
    assert.equal(report.machineSetting, 'of the machine');
    assert.equal(report.userSetting, 'of the user');
    assert.equal(report.isTrusted, true);
    assert.deepEqual(await workbench.extensionHostPids(), [report.pid]);
    await checkCrash(workbench, window);
    await timed('power cut', () => workbench.kill());
    workbench = await start();
    assert.equal((await readReport(await open(workbench), workspace)).secret, 'Bob');
  } finally {
    await timed('stop', () => workbench.stop());
  }
}

async function packageHello(folder: string): Promise<string> {
  const vsix = join(folder, 'hello.vsix');
  await runProgram(
    process.execPath,
    [
      join(projectFolder, 'node_modules/@vscode/vsce/vsce'),
      ...['package', '--no-dependencies', '--allow-missing-repository', '--skip-license'],
      ...['--out', vsix],
    ],
    { cwd: hello },
  );
  return vsix;
}

const asked = process.argv[2];
const versions: VSCodeVersion[] =
  asked === 'newest' || asked === 'oldest' ? [asked] : ['newest', 'oldest'];
const folder = await mkdtemp(join(tmpdir(), 'self-check-'));
try {
  const vsix = await packageHello(folder);
  for (const version of versions) {
    console.log(`${version}: VS Code ${(await installVSCode(version)).vscodeVersion}`);
    await checkHost(version, folder);
    await checkWorkbench(version, vsix, folder);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
