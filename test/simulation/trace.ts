/** What happened, for a person to read. */
export interface Trace {
  add(who: string, what: string): void;
  lines(): readonly string[];
}

export function createTrace(nowMs: () => number): Trace {
  const lines: string[] = [];
  return {
    add(who, what) {
      lines.push(`${clockOf(nowMs())}  ${who.padEnd(8)}  ${what}`);
    },
    lines: () => lines,
  };
}

/** Words cost time, and most runs are never read. */
export const noTrace: Trace = { add: () => undefined, lines: () => [] };

/** `d hh:mm:ss.mmm` of virtual time. */
export function clockOf(ms: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const whole = Math.floor(ms / 1000);
  const [days, hours] = [Math.floor(whole / 86_400), Math.floor(whole / 3_600) % 24];
  const [minutes, rest] = [Math.floor(whole / 60) % 60, whole % 60];
  const millis = String(Math.floor(ms % 1000)).padStart(3, '0');
  return `${String(days)} ${two(hours)}:${two(minutes)}:${two(rest)}.${millis}`;
}
