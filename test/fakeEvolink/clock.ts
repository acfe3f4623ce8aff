/** The server's time: the machine's, and whatever a test added to it. */
export class Clock {
  #shiftMs = 0;

  now(): number {
    return Date.now() + this.#shiftMs;
  }

  advance(ms: number): void {
    this.#shiftMs += ms;
  }

  reset(): void {
    this.#shiftMs = 0;
  }
}
