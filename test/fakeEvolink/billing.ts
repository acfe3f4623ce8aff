import type { BillingRecord } from './types.ts';

/** The account: credits are reserved at create, charged at the end, given back on failure. */
export class Billing {
  #granted: number;
  #reserved = 0;
  #used = 0;

  constructor(credits: number) {
    this.#granted = credits;
  }

  get remaining(): number {
    return this.#granted - this.#used - this.#reserved;
  }

  /** Says what is left from now on. */
  setRemaining(credits: number): void {
    this.#granted = credits + this.#used + this.#reserved;
  }

  reserve(credits: number): void {
    this.#reserved += credits;
  }

  charge(credits: number): void {
    this.#reserved -= credits;
    this.#used += credits;
  }

  refund(credits: number): void {
    this.#reserved -= credits;
  }

  record(): BillingRecord {
    return { remaining: this.remaining, reserved: this.#reserved, used: this.#used };
  }
}
