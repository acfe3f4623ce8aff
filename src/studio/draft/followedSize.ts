import { type Pixels, sizeLike, type SizeRule } from '../../evolink/models/sizes.ts';
import type { Draft } from '../../shared/studioProtocol.ts';

type Sized = Pick<Draft, 'references' | 'size'>;

/** The size of a draft follows the shape of its first reference, until the user chooses another size. */
export class FollowedSize {
  /** From before there was a reference. */
  #alone: string | undefined;
  /** The last one that followed a reference. */
  #followed: string | undefined;

  /**
   * The size that a draft gets whose first reference has changed; undefined when it keeps its own.
   * @param source pixels of that reference, where they are known
   * @param usual the size of a draft that nobody has written
   */
  next(
    before: Sized,
    { references, size }: Sized,
    source: Pixels | undefined,
    rule: SizeRule,
    usual: string,
  ): string | undefined {
    const isChosen = this.#followed !== undefined && this.#followed !== size;
    if (references.length === 0) {
      const back = this.#followed === undefined || isChosen ? undefined : (this.#alone ?? usual);
      this.forget();
      return back;
    }
    if (before.references.length === 0) this.#alone = size;
    if (isChosen || !source) return undefined;
    this.#followed = sizeLike(rule, source);
    return this.#followed === size ? undefined : this.#followed;
  }

  /** The draft got this size for another model, as its shape is the reference's still. */
  moveTo(size: string): void {
    this.#followed = size;
  }

  /** The draft was replaced by another. */
  forget(): void {
    this.#alone = this.#followed = undefined;
  }
}
