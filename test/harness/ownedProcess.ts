import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { processesOfGroup } from './processTree.ts';
import { waitUntil } from './waitUntil.ts';

/** A program that runs until it is stopped, and never outlives this process. */
export interface OwnedProcess {
  readonly pid: number;
  readonly logPath: string;
  /** Resolves when the program has ended, whoever ended it. */
  readonly ended: Promise<void>;
  log(): Promise<string>;
  /** Resolves with the first match of the pattern in the log. */
  waitForLog(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray>;
  /** Asks the program to end, waits for it, and ends what is left of its children. */
  stop(): Promise<void>;
  /** Ends the program and its children at once, as a crash of the machine would. */
  kill(): Promise<void>;
}

export interface OwnedProcessOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Takes all that the program prints; new at each start. */
  logPath: string;
}

const patienceMs = 8000;
const helpersMs = 300;

const running = new Set<ChildProcess>();

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    // Each program leads a group of its own, so that its children are reached as well.
    process.kill(-pid, signal);
  } catch {
    // All of it has ended.
  }
}

function endAll(): void {
  for (const child of running) if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
}

let watchesOverEnd = false;

function endWithThisProcess(child: ChildProcess): void {
  running.add(child);
  if (watchesOverEnd) return;
  watchesOverEnd = true;
  process.on('exit', endAll);
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    // Another listener decides whether to end; 'exit' comes in any case.
    process.on(signal, () => {
      endAll();
      if (process.listenerCount(signal) === 1) process.exit(code);
    });
  }
}

async function groupEnded(pid: number, withinMs: number): Promise<boolean> {
  const hasEnded = async () => (await processesOfGroup(pid)).length === 0;
  return waitUntil('the end of a process group', hasEnded, withinMs).catch(() => false);
}

/** Starts a program, without a shell; what it prints goes to a file. */
export async function startOwnedProcess(
  program: string,
  args: readonly string[],
  options: OwnedProcessOptions,
): Promise<OwnedProcess> {
  mkdirSync(dirname(options.logPath), { recursive: true });
  const log = openSync(options.logPath, 'w');
  const child = spawn(program, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      reject(new Error(`Cannot start ${program}: ${error.message}`));
    });
  });
  endWithThisProcess(child);
  return control(child, child.pid as number, program, options.logPath);
}

function control(child: ChildProcess, pid: number, program: string, logPath: string): OwnedProcess {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const readLog = () => readFile(logPath, 'utf8');
  const forget = () => running.delete(child);

  const kill = async () => {
    signalGroup(pid, 'SIGKILL');
    await groupEnded(pid, patienceMs);
    forget();
  };

  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const hasEnded = await Promise.race([
      ended.then(() => true),
      delay(patienceMs, false, { ref: false }),
    ]);
    // Helpers of an editor stay for some seconds after it; nobody waits for them.
    if (!hasEnded || !(await groupEnded(pid, helpersMs))) await kill();
    forget();
  };

  const waitForLog = (pattern: RegExp, timeoutMs: number) =>
    waitUntil(
      `${String(pattern)} in ${logPath}`,
      async () => {
        // Checked before reading, so that the last lines of an ended program are read.
        const hasEnded = child.exitCode !== null || child.signalCode !== null;
        const text = await readLog();
        const match = pattern.exec(text);
        if (match === null && hasEnded) {
          const logTail = text.slice(-2000).trim();
          throw new Error(`${program} has ended. Its log (${logPath}) ends with:\n${logTail}`);
        }
        return match ?? undefined;
      },
      timeoutMs,
    );

  return { pid, logPath, ended, log: readLog, waitForLog, stop, kill };
}
