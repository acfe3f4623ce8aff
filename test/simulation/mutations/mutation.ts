/** A fault, put into a copy of the product to see whether the tests find it. */
export interface Mutation {
  /** What goes wrong. */
  name: string;
  /** From the project's root. */
  file: string;
  /** Stands in the file once. */
  find: string;
  replace: string;
  /** Unit tests that have to find it, from `test/unit`; by default the simulator has to. */
  killedBy?: readonly string[];
  /** The troubles that make it show, and that plans then have; none at all by default. */
  focus?: readonly Focus[];
}

/** Names of kinds of trouble in `drawTroubles.ts`. */
export type Focus = string;
