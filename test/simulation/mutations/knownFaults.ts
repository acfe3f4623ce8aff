import type { Mutation } from './mutation.ts';

/** Faults that the product once had, put back. */
export const knownFaults: readonly Mutation[] = [];
