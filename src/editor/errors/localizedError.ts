import { type ErrorCode, EvolinkError } from '../../evolink/errors.ts';

/** A failure in words for a user, already in their language. */
export class LocalizedError extends EvolinkError {
  /**
   * @param setting the full name of the setting to mend.
   * @param cause what these words tell of, if it was no failure of ours; its details help.
   */
  constructor(code: ErrorCode, message: string, setting?: string, cause?: unknown) {
    const details = cause instanceof EvolinkError ? cause.details : { sent: 'no' as const };
    super(code, message, { ...details, ...(setting !== undefined && { setting }) }, cause);
    this.name = 'CodedError';
  }
}
