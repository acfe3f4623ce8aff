import * as vscode from 'vscode';
import type { Engine } from '../../jobs/engine.ts';
import { onDidGoToPay } from '../openTopUpPage.ts';
import { onUserIsBack } from '../userIsBack.ts';
import { countHeld } from './goOn.ts';
import { createTroubleWatch } from './troubleWatch.ts';

/** Lets images go on when a user comes back who may have mended what they wait for. */
export function registerTroubleWatch(engine: Engine): vscode.Disposable {
  const watch = createTroubleWatch({
    hasTrouble: () => countHeld(engine) > 0,
    check: () => engine.checkConnection(),
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
    monotonicMs: () => performance.now(),
  });
  return vscode.Disposable.from(
    onUserIsBack(() => watch.focused()),
    onDidGoToPay(() => watch.wentToPay()),
    new vscode.Disposable(() => watch.dispose()),
  );
}
