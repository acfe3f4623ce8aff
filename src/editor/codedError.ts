import { type ErrorCode, EvolinkError } from '../evolink/errors.ts';

/** A failure before anything was sent: words for a person, already in their language. */
export class CodedError extends EvolinkError {
  /** @param setting the full name of the setting to mend. */
  constructor(code: ErrorCode, message: string, setting?: string) {
    super(code, message, { sent: 'no', ...(setting !== undefined && { setting }) });
    this.name = 'CodedError';
  }
}
