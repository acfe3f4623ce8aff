import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { createWorkplace } from '../../../src/editor/files/workplace.ts';
import type { Draft } from '../../../src/shared/studio/draft.ts';
import { pickDestination } from '../../../src/studio/draft/destination.ts';
import { activated, workspaceFolder } from '../hostContext.ts';

/** A list in a user's hands, as it is once all its rows are there. */
type Pick = vscode.QuickPick<vscode.QuickPickItem>;

describe('where the images of the Studio go', () => {
  const { createQuickPick, showOpenDialog } = vscode.window;
  const workplace = createWorkplace();
  const deps = { workplace, ownFolder: vscode.Uri.file('/site/own') };
  const at = (path: string) => vscode.Uri.joinPath(workspaceFolder(), path);
  const draft = (folderUri?: vscode.Uri): Draft => ({
    ...{ prompt: '', count: 1, references: [], size: '1024x1024', quality: 'auto', writtenAt: 1 },
    ...(folderUri && { folderUri: folderUri.toString() }),
  });

  before(async () => {
    await activated();
    for (const path of ['places/by the sea', 'places/inland'])
      await vscode.workspace.fs.createDirectory(at(path));
  });
  after(async () => {
    workplace.dispose();
    await vscode.workspace.fs.delete(at('places'), { recursive: true });
  });
  afterEach(() => {
    Object.assign(vscode.window, { createQuickPick, showOpenDialog });
  });

  /** Chooses for a draft, with a user who acts once the folders are there. */
  async function chosen(current: Draft, act: (list: Pick, accept: () => void) => void) {
    const shown = { labels: [] as string[], current: '', title: '' };
    const open = () => {
      const list = createQuickPick();
      const accepted = new vscode.EventEmitter<void>();
      Object.assign(list, { onDidAccept: accepted.event });
      void (async () => {
        while (list.busy || list.items.length === 0)
          await new Promise((soon) => setTimeout(soon, 20));
        const [first] = list.items;
        shown.labels = list.items.map(({ label }) => label.replace(/^\$\(.*?\) /, ''));
        shown.current = `${first?.label ?? ''} ${first?.description ?? ''}`;
        shown.title = list.title ?? '';
        act(list, () => accepted.fire());
      })();
      return list;
    };
    Object.assign(vscode.window, { createQuickPick: open });
    return { destination: await pickDestination(deps, current), shown };
  }

  const leave = (list: Pick) => list.hide();

  it('is chosen among the folders of the workspace, the current one first', async () => {
    const { destination, shown } = await chosen(draft(), leave);
    assert.equal(destination, undefined);
    assert.equal(shown.title, 'Where should images be saved?');
    assert.equal(shown.current, '$(check) images current');
    for (const path of ['places', 'places/by the sea', 'places/inland'])
      assert.ok(shown.labels.includes(path), shown.labels.join());
    assert.equal(shown.labels.at(-1), 'Other Folder…');
  });

  it('names the chosen one as the current, and the usual one behind it', async () => {
    const { shown } = await chosen(draft(at('places/inland')), leave);
    assert.equal(shown.current, '$(check) places/inland current');
    assert.equal(shown.labels[1], 'images');
    assert.equal(new Set(shown.labels).size, shown.labels.length);
  });

  it('begins another folder in the workspace, not where the editor was last', async () => {
    let from: string | undefined;
    const ask = ({ defaultUri }: vscode.OpenDialogOptions) => {
      from = defaultUri?.toString();
      return Promise.resolve([at('elsewhere')]);
    };
    Object.assign(vscode.window, { showOpenDialog: ask });
    const { destination } = await chosen(draft(), (list, accept) => {
      list.activeItems = list.items.slice(-1);
      accept();
    });
    assert.equal(from, workspaceFolder().toString());
    assert.deepEqual(destination, { folderUri: at('elsewhere').toString() });
  });
});
