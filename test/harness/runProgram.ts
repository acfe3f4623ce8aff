import { spawn } from 'node:child_process';

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Ends the program, and fails, when it takes longer. */
  timeoutMs?: number;
}

const keptTailLength = 4000;

/** Runs a program to its end, without a shell, and resolves with what it printed. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let everything = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      everything += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      everything += text;
    });
    const commandLine = [program, ...args].join(' ');
    child.once('error', (error) => {
      reject(new Error(`Cannot run "${commandLine}": ${error.message}`));
    });
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else {
        const tail = everything.slice(-keptTailLength).trim();
        reject(
          new Error(`"${commandLine}" ended with ${signal ?? `code ${String(code)}`}:\n${tail}`),
        );
      }
    });
  });
}
