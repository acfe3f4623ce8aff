import { AppError, type ErrorCode } from '../../appError.ts';
import { wholeLine } from '../say/plainLine.ts';

/** A failure in words for a user, already in their language. */
export class LocalizedError extends AppError {
  /**
   * @param setting the full name of the setting to mend.
   * @param cause what these words tell of, if it was no failure of ours; its details help.
   */
  constructor(code: ErrorCode, message: string, setting?: string, cause?: unknown) {
    const details = cause instanceof AppError ? cause.details : { sent: 'no' as const };
    // The editor shows what a command throws in a notification.
    super(
      code,
      wholeLine(message),
      { ...details, ...(setting !== undefined && { setting }) },
      cause,
    );
    this.name = 'CodedError';
  }
}
