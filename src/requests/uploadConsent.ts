/** What the setting says about uploading references. */
export type UploadChoice = 'ask' | 'always' | 'never';

/** `given`: nothing need be asked. */
export type ConsentDecision = 'given' | 'ask' | 'refused';

/** An answer of a user: for this request, or also for all later ones. */
export type ConsentAnswer = 'once' | 'always' | 'never';

/** The references that have no address yet from which the provider could fetch them. */
export async function uploadsAmong(
  references: readonly string[],
  needsUpload: (reference: string) => Promise<boolean>,
): Promise<string[]> {
  const uploads: string[] = [];
  for (const reference of references) if (await needsUpload(reference)) uploads.push(reference);
  return uploads;
}

/** A workspace that is not trusted could bring its own images: there "always" is not enough. */
export function decideConsent(
  uploads: readonly string[],
  choice: UploadChoice,
  isTrusted: boolean,
): ConsentDecision {
  if (uploads.length === 0) return 'given';
  if (choice === 'never') return 'refused';
  return choice === 'always' && isTrusted ? 'given' : 'ask';
}

/** A workspace that is not trusted gets no lasting permission. */
export function offeredAnswers(isTrusted: boolean): ConsentAnswer[] {
  return isTrusted ? ['once', 'always', 'never'] : ['once'];
}
