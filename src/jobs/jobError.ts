import { AppError, toAppError } from '../appError.ts';
import { cutText } from '../evolink/cutText.ts';
import { withoutKeyForms } from '../evolink/keyRedactor.ts';
import type { JobError } from './job.ts';

/** What a job remembers of a failure: plain data, and nothing secret. */
export function toJobError(thrown: unknown): JobError {
  const error = toAppError(thrown);
  const { requestId, providerCode, topUpUrl, proxy, setting, reference } = error.details;
  const { allowedModels, isUntrusted, quota } = error.details;
  return boundedError({
    code: error.code,
    message: error.message,
    ...(requestId !== undefined && { requestId }),
    ...(providerCode !== undefined && { providerCode }),
    ...(topUpUrl !== undefined && { topUpUrl }),
    ...(proxy !== undefined && { proxy }),
    ...(isUntrusted && { isUntrusted }),
    ...(setting !== undefined && { setting }),
    ...(allowedModels !== undefined && { allowedModels }),
    ...(quota !== undefined && { quota }),
    ...(reference !== undefined && { reference }),
  });
}

const maxMessageChars = 1_000;
const maxNameChars = 200;
const maxUrlChars = 2_048;

/**
 * An error that can be shown and read again at each start: its texts are cut, and have no key in
 * them, which earlier versions kept when a server repeated it.
 */
export function boundedError(error: JobError): JobError {
  const { message, requestId, providerCode, topUpUrl, proxy, setting, reference, ...rest } = error;
  const { reason } = reference ?? {};
  return {
    ...rest,
    message: cutText(withoutKeyForms(message), maxMessageChars),
    ...(requestId !== undefined && { requestId: cutText(requestId, maxNameChars) }),
    ...(providerCode !== undefined && { providerCode: cutText(providerCode, maxNameChars) }),
    // A part of an address leads elsewhere.
    ...(topUpUrl !== undefined && topUpUrl.length <= maxUrlChars && { topUpUrl }),
    ...(proxy !== undefined && { proxy: cutText(proxy, maxNameChars) }),
    ...(setting !== undefined && { setting: cutText(setting, maxNameChars) }),
    ...(reference !== undefined && {
      reference: {
        ...reference,
        name: cutText(reference.name, maxMessageChars),
        ...(reason !== undefined && {
          reason: cutText(withoutKeyForms(reason), maxMessageChars),
        }),
      },
    }),
  };
}

/** A failure to write a file, told with the system's own short reason. */
export function toWriteError(thrown: unknown, where: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code, message } = thrown as { code?: unknown; message?: unknown };
  const reason = typeof code === 'string' ? (reasons.get(code) ?? code) : String(message ?? thrown);
  return new AppError('writeFailed', `Cannot write to ${where}: ${reason}`, {}, thrown);
}

const reasons = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EACCES', 'the folder is read-only or not yours'],
  ['EPERM', 'the folder is read-only or not yours'],
  ['EROFS', 'the file system is read-only'],
  ['ENOTDIR', 'a file stands where a folder is needed'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['NoPermissions', 'the folder is read-only or not yours'],
  ['Unavailable', 'the file system is not available now'],
]);
