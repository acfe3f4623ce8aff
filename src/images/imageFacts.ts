import type { OtherImageType } from './otherImageTypes.ts';

export interface ImageFacts {
  type: 'png' | 'jpg' | 'webp' | 'gif' | 'avif' | 'bmp' | 'ico' | 'svg';
  width: number;
  height: number;
}

/** Bytes that claim to be an image and are not, or not a whole one. */
export class BadImageError extends Error {
  readonly code = 'badImage';
  /** The format when they are an image, but of a kind that is of no use here. */
  readonly foundType?: OtherImageType;

  constructor(message: string, foundType?: OtherImageType) {
    super(message);
    this.name = 'BadImageError';
    if (foundType !== undefined) this.foundType = foundType;
  }
}
