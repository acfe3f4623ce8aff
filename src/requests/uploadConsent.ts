/** What the setting says about uploading references. */
export type UploadChoice = 'ask' | 'always' | 'never';

/** `given`: nothing need be asked. */
export type ConsentDecision = 'given' | 'ask' | 'refused';

/** An answer of a user: for this request, or also for all later ones. */
export type ConsentAnswer = 'once' | 'always' | 'never';

/** What the provider takes. */
export type SentType = 'png' | 'jpg' | 'webp';

/** An image on its way to the provider: a file that is copied, or an address that it fetches. */
export interface SentImage {
  kind: 'file' | 'address';
  /** The file with its folders as a user knows it, or the whole address. */
  path: string;
  /** The file that a symbolic link leads to. */
  realPath?: string;
  /** Of what is sent. */
  sizeBytes?: number;
  /** The format in which a file is sent; undefined when it was not looked at. */
  type?: SentType;
  /** Whether it lies in no folder of this workspace, be it by a link. */
  isOutside: boolean;
}

/**
 * A workspace that is not trusted could bring its own images: there "always" is not enough.
 * @param mustConfirm which images are asked for whatever the setting says, see Interaction
 */
export function decideConsent(
  images: readonly SentImage[],
  choice: UploadChoice,
  isTrusted: boolean,
  mustConfirm: (image: SentImage) => boolean,
): ConsentDecision {
  const isUpload = images.some(({ kind }) => kind === 'file');
  if (isUpload && choice === 'never') return 'refused';
  if (images.some(mustConfirm)) return 'ask';
  if (!isUpload) return 'given';
  return choice === 'always' && isTrusted ? 'given' : 'ask';
}

/**
 * Whether a job may send a file now, which may be long after its user was asked.
 * @param isAgreed whether the question was about this file. One that the provider still had was left
 *   out of it.
 */
export function maySendNow(choice: UploadChoice, isTrusted: boolean, isAgreed: boolean): boolean {
  return choice !== 'never' && (isAgreed || (choice === 'always' && isTrusted));
}

/** No lasting permission is given for a workspace that is not trusted, or for what is always asked. */
export function offeredAnswers(isTrusted: boolean, isAlwaysAsked: boolean): ConsentAnswer[] {
  return isTrusted && !isAlwaysAsked ? ['once', 'always', 'never'] : ['once'];
}

/** A program can name any file and any address of the user's: of these a user decides each time. */
export function isAskedOfCallers({ kind, isOutside }: SentImage): boolean {
  return kind === 'address' || isOutside;
}
