import { strict as assert } from 'node:assert';
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { OfflineApi } from '../fakeEvolink/types.ts';
import { commandCalls, type CommandCall } from './commandCalls.ts';
import { activated, answering, freshApi, generate, run, workspaceFolder } from './hostContext.ts';

/** Runs each call as a link does, in a workspace that is trusted or not. */
export function describeCommandCalls(isTrusted: boolean): void {
  describe(`a call by a link, ${isTrusted ? 'in a trusted workspace' : 'in Restricted Mode'}`, () => {
    let api: OfflineApi;
    let elsewhere: string;
    const inside = (path: string) => vscode.Uri.joinPath(workspaceFolder(), path);

    before(async () => {
      assert.equal(vscode.workspace.isTrusted, isTrusted);
      api = await freshApi();
      elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'));
      await answering('Generate', async () => {
        const { images } = await generate({ prompt: 'to be called', open: false });
        await copyFile(images[0]!.uri.fsPath, inside('fox.png').fsPath);
        await copyFile(images[0]!.uri.fsPath, join(elsewhere, 'private.png'));
      });
      await writeFile(inside('missing.md').fsPath, '![a fox](gone/fox.png)\n');
    });

    after(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      // Where the Studio is on the screen, notices about the queue are not shown beside it.
      await vscode.commands.executeCommand('workbench.action.closeAuxiliaryBar');
      await rm(inside('fox.png').fsPath);
      await rm(inside('missing.md').fsPath);
      await rm(elsewhere, { recursive: true });
    });

    /** All that a call must leave as it is. */
    async function stateOfAll() {
      const requests = await api.log();
      return {
        spentOrSent: requests.filter(({ method }) => method !== 'GET').length,
        jobs: (await activated()).jobs().map(({ id, state }) => [id, state]),
        files: await readdir(workspaceFolder().fsPath, { recursive: true }),
        others: await readdir(elsewhere),
        hasKey: (await run<{ ok: boolean }>('checkConnection')).ok,
      };
    }

    /** Closes every box meanwhile. */
    async function refusing(work: () => Promise<unknown>): Promise<void> {
      const closing = setInterval(
        () => void vscode.commands.executeCommand('workbench.action.closeQuickOpen'),
        50,
      );
      await work().finally(() => clearInterval(closing));
    }

    function questionsOf({ stoppedBy }: CommandCall): RegExp[] {
      return typeof stoppedBy === 'object' ? [stoppedBy.question] : [];
    }

    const stopped = commandCalls.filter(
      ({ stoppedBy }) =>
        !isTrusted || typeof stoppedBy !== 'object' || stoppedBy.where === 'always',
    );
    for (const call of stopped)
      it(`of ${call.command}, which could ${call.could}, leaves all as it is`, async () => {
        const before = await stateOfAll();
        const args = call.args(inside, vscode.Uri.file(join(elsewhere, 'private.png')));
        let code: string | undefined;
        const dialogs = await answering(undefined, () =>
          refusing(() =>
            Promise.resolve(vscode.commands.executeCommand(call.command, ...args)).catch(
              (thrown: unknown) => {
                ({ code } = thrown as { code: string });
              },
            ),
          ),
        );
        const questions = questionsOf(call);
        assert.equal(dialogs.length, questions.length, JSON.stringify(dialogs));
        for (const [index, question] of questions.entries()) {
          assert.match(dialogs[index]!.question, question);
          assert.equal(dialogs[index]!.isModal, true);
          assert.doesNotMatch(dialogs[index]!.detail, /\]\(/);
          assert.ok(dialogs[index]!.detail.length < 1_000);
        }
        if (call.stoppedBy === 'badRequest') assert.equal(code, 'badRequest');
        assert.deepEqual(await stateOfAll(), before);
      });
  });
}
