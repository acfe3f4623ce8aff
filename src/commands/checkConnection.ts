import * as vscode from 'vscode';
import { showFailure, withinLimit } from '../editor/errors/errorActions.ts';
import { type ErrorCode, toAppError } from '../appError.ts';
import type { CommandDeps } from './commandDeps.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { inform, runWithProgress } from '../editor/say/notifications.ts';

export interface ConnectionResult {
  ok: boolean;
  credits?: number;
  code?: ErrorCode;
}

const limitMs = 30_000;

/** Asks for the credits, which costs nothing and needs network, key and base URL to be right. */
export async function checkConnection({ client, engine }: CommandDeps): Promise<ConnectionResult> {
  const title = vscode.l10n.t('Checking the connection to EvoLink');
  try {
    const credits = await runWithProgress(title, async (_, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return await withinLimit(limitMs, (limit) =>
        client.credits(AbortSignal.any([controller.signal, limit])),
      );
    });
    engine.connectionChanged();
    void inform(
      credits === undefined
        ? vscode.l10n.t('EvoLink is reached and accepts the API key.')
        : fillIn(
            vscode.l10n.t('EvoLink is reached and accepts the API key. Credits left: {0}'),
            credits,
          ),
    );
    return { ok: true, ...(credits !== undefined && { credits }) };
  } catch (thrown) {
    const error = toAppError(thrown);
    showFailure(error);
    return { ok: false, code: error.code };
  }
}
