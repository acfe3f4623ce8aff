/** What was done within the last while, and is not done again so soon. Forgets the rest. */
export class Lately {
  readonly #forMs: number;
  readonly #at = new Map<string, number>();

  constructor(forMs: number) {
    this.#forMs = forMs;
  }

  get size(): number {
    return this.#at.size;
  }

  has(name: string, nowMs = performance.now()): boolean {
    const at = this.#at.get(name);
    return at !== undefined && nowMs - at < this.#forMs;
  }

  add(name: string, nowMs = performance.now()): void {
    // The oldest are first, as each goes to the end when it is added again.
    this.#at.delete(name);
    this.#at.set(name, nowMs);
    for (const [each, at] of this.#at) {
      if (nowMs - at < this.#forMs) return;
      this.#at.delete(each);
    }
  }

  clear(): void {
    this.#at.clear();
  }
}
