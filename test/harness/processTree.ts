import { readFile, readdir } from 'node:fs/promises';

/** A live process, as Linux describes it under /proc. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parentPid: number;
  readonly groupId: number;
  readonly commandLine: readonly string[];
}

async function describe(pid: number): Promise<ProcessInfo | undefined> {
  try {
    const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
    // The second field is the program's name in brackets, and may hold blanks and brackets.
    const [state, parentPid, groupId] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Ended, but not yet waited for: nothing of it runs any more.
    if (state === 'Z' || state === 'X') return undefined;
    const commandLine = (await readFile(`/proc/${String(pid)}/cmdline`, 'utf8'))
      .split('\0')
      .slice(0, -1);
    return { pid, parentPid: Number(parentPid), groupId: Number(groupId), commandLine };
  } catch {
    // It ended while it was looked at.
    return undefined;
  }
}

async function allProcesses(): Promise<ProcessInfo[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const described = await Promise.all(pids.map(describe));
  return described.filter((each) => each !== undefined);
}

/** Everything that runs in a process group, its leader included. */
export async function processesOfGroup(groupId: number): Promise<ProcessInfo[]> {
  return (await allProcesses()).filter((each) => each.groupId === groupId);
}

/** The children of a process, their children, and so on. */
export async function descendantsOf(pid: number): Promise<ProcessInfo[]> {
  const all = await allProcesses();
  const found: ProcessInfo[] = [];
  let parents = new Set([pid]);
  while (parents.size > 0) {
    const children = all.filter((each) => parents.has(each.parentPid));
    found.push(...children);
    parents = new Set(children.map((each) => each.pid));
  }
  return found;
}
