import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import {
  offerForFile,
  offerNext,
  offerToOpen,
} from '../../../src/generation/interaction/presentResult.ts';
import type { GenerationDeps } from '../../../src/generation/generationDeps.ts';
import type { ImageRequest } from '../../../src/requests/imageRequest.ts';
import { workspaceFolder } from '../hostContext.ts';

describe('a button of a notice that stood for long', () => {
  const { showInformationMessage, showWarningMessage, showErrorMessage } = vscode.window;
  const at = (name: string) => vscode.Uri.joinPath(workspaceFolder(), name);
  let shown: { message: string; press: (button: string) => void }[];
  let inserted: string[][];
  /** Where the image is by now. */
  let uri: vscode.Uri;

  const deps = {
    engine: { get: () => ({ id: 'a', state: 'saved', uri: uri.toString() }) },
    texts: {
      places: { of: () => undefined },
      insert: (uris: readonly vscode.Uri[]) => inserted.push(uris.map(String)),
    },
    log: { error: () => undefined },
  } as unknown as GenerationDeps;
  const request = { references: [] } as unknown as ImageRequest;
  const result = () => ({
    images: [{ uri: at('old-notice.png'), jobId: 'a', taskId: 't' }],
    failures: [],
  });

  beforeEach(async () => {
    [shown, inserted] = [[], []];
    uri = at('old-notice.png');
    const show = (message: string) => new Promise((press) => shown.push({ message, press }));
    Object.assign(vscode.window, {
      showInformationMessage: show,
      showWarningMessage: show,
      showErrorMessage: show,
    });
    await vscode.workspace.fs.writeFile(uri, new Uint8Array([1]));
  });

  afterEach(async () => {
    Object.assign(vscode.window, { showInformationMessage, showWarningMessage, showErrorMessage });
    await vscode.workspace.fs.delete(uri).then(undefined, () => undefined);
  });

  async function untilShown(count: number): Promise<void> {
    for (let looks = 0; shown.length < count; looks += 1) {
      assert.ok(looks < 250, JSON.stringify(shown));
      await new Promise((soon) => setTimeout(soon, 20));
    }
  }

  it('inserts the image where it is by now', async () => {
    await offerNext(deps, result(), request, true);
    const moved = at('moved-notice.png');
    await vscode.workspace.fs.rename(uri, moved);
    uri = moved;
    shown[0]?.press('Insert');
    for (let looks = 0; inserted.length === 0 && looks < 250; looks += 1)
      await new Promise((soon) => setTimeout(soon, 20));
    assert.deepEqual(inserted, [[moved.toString()]]);
  });

  for (const button of ['Insert', 'Open', 'Edit'])
    it(`says that its image is gone, and does nothing: ${button}`, async () => {
      await offerNext(deps, result(), request, true);
      await vscode.workspace.fs.delete(uri);
      shown[0]?.press(button);
      await untilShown(2);
      assert.match(shown[1]?.message ?? '', /old-notice\.png is missing/);
      assert.deepEqual(inserted, []);
    });

  it('says so too after an image for a link, and after one that had no room to open', async () => {
    await offerForFile(deps, result(), uri);
    offerToOpen(deps, result());
    await vscode.workspace.fs.delete(uri);
    shown[0]?.press('Edit');
    shown[1]?.press('Open');
    await untilShown(4);
    for (const { message } of shown.slice(2)) assert.match(message, /old-notice\.png is missing/);
  });
});
