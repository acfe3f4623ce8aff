import * as vscode from 'vscode';
import type { ReferenceFault } from '../../appError.ts';
import { quotaCode } from '../../evolink/filesSchema.ts';
import type { ChoiceField, Problem } from '../../evolink/models/findProblems.ts';
import {
  type FailedJob,
  isRecoverable,
  type JobError,
  type UnconfirmedJob,
} from '../../jobs/job.ts';
import type { StoreTrouble } from '../../jobs/store/connection.ts';
import type { OptionProblem, RequestProblem } from '../../requests/requestError.ts';
import { fullSettingName } from '../settings.ts';
import { fillIn, nested } from '../say/fillIn.ts';
import { oneLine, wholeLine } from '../say/plainLine.ts';
import { settingMessage } from './settingMessage.ts';

/** What says no more than the code. Another message is in the user's words already. */
const plainNoKey = /^($|No API key is set|The API key cannot be read)/;

/** One sentence a user understands, for every failure. The provider's own words are kept. */
export function errorMessage(
  error: Pick<JobError, 'quota'> &
    Pick<JobError, 'code' | 'message' | 'proxy' | 'setting' | 'reference' | 'providerCode'>,
): string {
  const { message } = error;
  if (error.setting !== undefined) return wholeLine(message);
  if (error.reference) return referenceMessage(error.reference);
  if (error.providerCode === quotaCode)
    return fillIn(vscode.l10n.t('Your EvoLink account has no room for more images: {0}'), message);
  switch (error.code) {
    case 'noKey':
      return plainNoKey.test(message)
        ? vscode.l10n.t('No EvoLink API key is set.')
        : wholeLine(message);
    case 'auth':
      return fillIn(vscode.l10n.t('EvoLink does not accept the API key: {0}'), message);
    case 'credits':
      return creditsMessage(error, message);
    case 'modelGone':
      return fillIn(vscode.l10n.t('EvoLink does not offer this model: {0}'), message);
    case 'forbidden':
      return fillIn(vscode.l10n.t('This API key may not use this model: {0}'), message);
    case 'notFound':
      return fillIn(vscode.l10n.t('EvoLink no longer has this image: {0}'), message);
    case 'conflict':
      return fillIn(vscode.l10n.t('EvoLink already knows a request like this one: {0}'), message);
    case 'tooLarge':
      return fillIn(vscode.l10n.t('An image is too large: {0}'), message);
    case 'rateLimited':
      return fillIn(vscode.l10n.t('EvoLink asks to wait: {0}'), message);
    case 'moderated':
      return fillIn(vscode.l10n.t('EvoLink refused this prompt: {0}'), message);
    case 'badRequest':
      return fillIn(vscode.l10n.t('This cannot be drawn as asked: {0}'), message);
    case 'server':
      return fillIn(vscode.l10n.t('EvoLink could not finish: {0}'), message);
    case 'network':
      return error.proxy === undefined
        ? fillIn(vscode.l10n.t('EvoLink cannot be reached: {0}'), message)
        : fillIn(vscode.l10n.t('The proxy {0} is at fault: {1}'), error.proxy, message);
    case 'timeout':
      return fillIn(vscode.l10n.t('EvoLink took too long: {0}'), message);
    case 'cancelled':
      return error.providerCode === undefined
        ? vscode.l10n.t('Cancelled.')
        : fillIn(vscode.l10n.t('EvoLink cancelled this image: {0}'), message);
    case 'unconfirmed':
      return fillIn(
        vscode.l10n.t(
          'It is not known whether EvoLink accepted this image, so it was not asked for a third time: {0}',
        ),
        message,
      );
    case 'badImage':
      return fillIn(vscode.l10n.t('What EvoLink sent is not a whole image: {0}'), message);
    case 'noWorkspace':
      return vscode.l10n.t('No folder is open to save the image in.');
    case 'internal':
      return fillIn(vscode.l10n.t('Image Studio could not do this: {0}'), message);
    case 'writeFailed':
      return fillIn(vscode.l10n.t('The image could not be saved: {0}'), message);
  }
}

/** The same of a job that failed. What is paid is said to be, and to be safe. */
export function failureMessage(job: FailedJob | UnconfirmedJob): string {
  const { error } = job;
  if (!isRecoverable(job)) return errorMessage(error);
  if (error.code === 'writeFailed')
    return fillIn(
      vscode.l10n.t('The image is paid and safe, but not in its folder yet: {0}'),
      error.message,
    );
  return joined(
    errorMessage(error),
    vscode.l10n.t('The image is paid; fetching it again costs nothing.'),
  );
}

/** The account, the key, or the key's day: which of them has no credits left, with the figures. */
function creditsMessage(error: CreditsError, message: string): string {
  return joined(creditsSentence(error.providerCode, message), creditsFigures(error));
}

type CreditsError = Pick<Partial<JobError>, 'providerCode' | 'quota'>;

/** The same where images wait for that. */
export function creditsPauseMessage(error: CreditsError = {}, waiting: number): string {
  const message = fillIn(
    vscode.l10n.t('{0} Waiting images: {1}. They cost nothing until they are submitted.'),
    // The provider's own words would only repeat ours.
    nested(creditsSentence(error.providerCode, '')),
    waiting,
  );
  return joined(message, creditsFigures(error));
}

function joined(...sentences: readonly string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** Empty when the provider says none. */
function creditsFigures({ providerCode, quota = {} }: CreditsError): string {
  const { estimated, balance, remaining, resetTimezone } = quota;
  const isOfKey = providerCode === keyCode || providerCode === dayCode;
  const left = isOfKey ? (remaining ?? balance) : (balance ?? remaining);
  return joined(
    leftSentence(estimated, left),
    providerCode === dayCode && resetTimezone !== undefined
      ? fillIn(vscode.l10n.t('Its day is that of {0}.'), resetTimezone)
      : '',
  );
}

function leftSentence(estimated: number | undefined, left: number | undefined): string {
  if (left === undefined) return '';
  if (estimated === undefined)
    return fillIn(vscode.l10n.t('Credits left: {0}.'), formatCredits(left));
  return fillIn(
    vscode.l10n.t('An image costs about {0} credits, and {1} are left.'),
    formatCredits(estimated),
    formatCredits(left),
  );
}

const keyCode = 'insufficient_token_quota';
const dayCode = 'token_daily_quota_exceeded';

function creditsSentence(providerCode: string | undefined, message: string): string {
  switch (providerCode) {
    case keyCode:
      return vscode.l10n.t(
        'This API key has used up its own limit; the account may have more. Raise the limit, or set another key.',
      );
    case dayCode:
      return vscode.l10n.t(
        'This API key has used up its limit for the day. Continue tomorrow, raise the limit, or set another key.',
      );
    default:
      return message === ''
        ? vscode.l10n.t('Your EvoLink account is out of credits.')
        : fillIn(vscode.l10n.t('Your EvoLink account is out of credits: {0}'), message);
  }
}

/** A number of credits, with at most two decimals. */
export function formatCredits(credits: number): string {
  return credits.toLocaleString(vscode.env.language, { maximumFractionDigits: 2 });
}

/** Why nothing can be written down for some time by now, and what to do. */
export function storeTroubleMessage(kind: StoreTrouble['kind']): string {
  switch (kind) {
    case 'newer':
      return vscode.l10n.t(
        'The list of images was written by a newer Image Studio. Reload the window; if that does not help, update the extension.',
      );
    case 'locked':
      return vscode.l10n.t(
        'The list of images is locked by another program, such as a backup, or lies on a drive that cannot lock files. Image Studio waits and goes on by itself.',
      );
    case 'unusable':
      return vscode.l10n.t(
        'The list of images cannot be written. Is the disk full, or may its folder not be written? Image Studio goes on by itself when it can.',
      );
  }
}

/** Why the list of images cannot be opened, and what to do. `folder`: where it lies. */
export function storeUnopenedMessage(folder: string, reason: string): string {
  return fillIn(
    vscode.l10n.t(
      'The folder {0} cannot be used: {1}. Check that it may be written to and that its disk is not full, then try again.',
    ),
    folder,
    reason,
  );
}

/** Which image cannot be sent, and why. */
function referenceMessage({ name, problem, reason, maxBytes }: ReferenceFault): string {
  switch (problem) {
    case 'unreadable':
      return fillIn(vscode.l10n.t('{0} does not exist any more, or cannot be read.'), name);
    case 'folder':
      return fillIn(vscode.l10n.t('{0} is a folder. Choose an image.'), name);
    case 'noFile':
      return fillIn(vscode.l10n.t('{0} is not a file. Choose an image.'), name);
    case 'empty':
      return fillIn(vscode.l10n.t('{0} is empty.'), name);
    case 'tooLarge':
      return fillIn(
        vscode.l10n.t('{0} is larger than {1} MB, the most that EvoLink takes.'),
        name,
        Math.floor((maxBytes ?? 0) / 1024 / 1024),
      );
    case 'notWhole':
      return fillIn(vscode.l10n.t('{0} is not an image, or not a whole one.'), name);
    case 'otherType':
      return fillIn(vscode.l10n.t('{0} is not a PNG, JPEG or WebP image.'), name);
    case 'changed':
      return fillIn(vscode.l10n.t('{0} changed while it was sent. Try again.'), name);
    case 'uploadsOff':
      return fillIn(
        vscode.l10n.t('{0} is not uploaded, because the setting {1} is "never".'),
        name,
        fullSettingName('uploadReferences'),
      );
    case 'notAgreed':
      return fillIn(
        vscode.l10n.t(
          'EvoLink no longer has {0}, and you were not asked whether it may be uploaded. Try again to be asked.',
        ),
        name,
      );
    case 'refused':
      return fillIn(vscode.l10n.t('EvoLink does not take {0}: {1}'), name, reason ?? '');
  }
}

/** What is wrong with a request, naming the field and what to do. */
export function problemMessage(problem: Problem): string {
  switch (problem.kind) {
    case 'empty':
      return vscode.l10n.t('The prompt is empty. Describe the image.');
    case 'tooLong':
      return problem.length === problem.limit + 1
        ? fillIn(vscode.l10n.t('The prompt is one character over the limit of {0}.'), problem.limit)
        : fillIn(
            vscode.l10n.t(
              'The prompt has {0} characters; at most {1} are allowed. Shorten it by {2}.',
            ),
            problem.length,
            problem.limit,
            problem.length - problem.limit,
          );
    case 'unknown':
      return fillIn(
        vscode.l10n.t('The {0} "{1}" does not exist. Choose one of: {2}.'),
        fieldName(problem.field),
        problem.value,
        problem.allowed.join(', '),
      );
    case 'tooMany':
      if (problem.limit === 0)
        return vscode.l10n.t('This model takes no reference images. Choose another model.');
      return fillIn(
        vscode.l10n.t('{0} reference images were given; at most {1} are allowed.'),
        problem.length,
        problem.limit,
      );
    case 'tooFew':
      return fillIn(
        vscode.l10n.t('{0} reference images were given; this model needs at least {1}.'),
        problem.length,
        problem.limit,
      );
    case 'tooManyBytes':
      return fillIn(
        vscode.l10n.t('The prompt has {0} bytes; at most {1} are allowed. Shorten it.'),
        problem.length,
        problem.limit,
      );
    case 'tooManyTokens':
      return fillIn(
        vscode.l10n.t(
          'The prompt has about {0} tokens, and at least that many; at most {1} are allowed. Shorten it.',
        ),
        problem.length,
        problem.limit,
      );
    case 'unsupported':
      return fillIn(
        vscode.l10n.t('The model {0} has no choice of {1}. Leave it out.'),
        problem.model,
        fieldName(problem.field),
      );
    case 'onlyWithRatios':
      return fillIn(
        vscode.l10n.t('A resolution goes with a ratio such as 3:2, and not with the size {0}.'),
        problem.size,
      );
    case 'needsAlpha':
      return vscode.l10n.t('A JPEG image cannot be transparent. Choose PNG or WebP.');
    case 'outside':
      return fillIn(
        vscode.l10n.t('The seed has to be a number from {0} to {1}.'),
        problem.min,
        problem.max,
      );
    case 'notAUrl':
      return fillIn(
        vscode.l10n.t('The reference "{0}" is not a web address or an image file.'),
        problem.value,
      );
  }
}

/** What is wrong with a request, as one sentence. */
export function requestMessage(problem: RequestProblem): string {
  switch (problem.kind) {
    case 'option':
      return optionMessage(problem.field, problem.problem, problem.limit);
    case 'value':
      return problemMessage(problem.problem);
    case 'outsideWorkspace':
      return vscode.l10n.t(
        'In Restricted Mode images are saved inside the workspace only. Trust the workspace, or change imageStudio.output.directory.',
      );
    case 'noImage':
      return vscode.l10n.t('No image was given to be edited.');
    default:
      return settingMessage(problem);
  }
}

/** What is wrong with a field that another extension, or a key binding, gave. */
function optionMessage(field: string, problem: OptionProblem, limit = 0): string {
  switch (problem) {
    case 'options':
      return fillIn(vscode.l10n.t('{0} is not an object with fields.'), field);
    case 'uri':
      return fillIn(vscode.l10n.t('{0} is not a Uri.'), field);
    case 'text':
      return fillIn(vscode.l10n.t('{0} is not text.'), field);
    case 'uriOrText':
      return fillIn(vscode.l10n.t('{0} is not a Uri or text.'), field);
    case 'list':
      return fillIn(vscode.l10n.t('{0} is not a list.'), field);
    case 'flag':
      return fillIn(vscode.l10n.t('{0} is not true or false.'), field);
    case 'number':
      return fillIn(vscode.l10n.t('{0} is not a number.'), field);
    case 'wholeNumber':
      return fillIn(vscode.l10n.t('{0} is not a whole number.'), field);
    case 'tooFew':
      return fillIn(vscode.l10n.t('{0} is less than 1.'), field);
    case 'tooMany':
      return fillIn(vscode.l10n.t('{0} is more than {1}.'), field, limit);
    case 'tooLong':
      return fillIn(vscode.l10n.t('{0} is longer than {1} characters.'), field, limit);
    case 'tooManyItems':
      return fillIn(vscode.l10n.t('{0} has more than {1} entries.'), field, limit);
  }
}

function fieldName(field: ChoiceField | 'seed'): string {
  switch (field) {
    case 'model':
      return vscode.l10n.t('model');
    case 'size':
      return vscode.l10n.t('size');
    case 'quality':
      return vscode.l10n.t('quality');
    case 'resolution':
      return vscode.l10n.t('resolution');
    case 'background':
      return vscode.l10n.t('background');
    case 'outputFormat':
      return vscode.l10n.t('format');
    case 'seed':
      return vscode.l10n.t('seed');
  }
}

export function qualityName(quality: string): string {
  switch (quality) {
    case 'auto':
      return vscode.l10n.t('Auto');
    case 'low':
      return vscode.l10n.t('Low');
    case 'medium':
      return vscode.l10n.t('Medium');
    case 'high':
      return vscode.l10n.t('High');
    default:
      return quality;
  }
}

export function shapeName(shape: 'square' | 'portrait' | 'landscape'): string {
  switch (shape) {
    case 'square':
      return vscode.l10n.t('Square');
    case 'portrait':
      return vscode.l10n.t('Portrait');
    case 'landscape':
      return vscode.l10n.t('Landscape');
  }
}

/** Times as people say them: "34 s", "2 min". */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 100) return fillIn(vscode.l10n.t('{0} s'), seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return fillIn(vscode.l10n.t('{0} min'), minutes);
  return fillIn(vscode.l10n.t('{0} h'), Math.round(minutes / 60));
}

export function bytesPerSecond(rate: number): string {
  return rate >= 1_000_000
    ? fillIn(vscode.l10n.t('{0} MB/s'), (rate / 1_000_000).toFixed(1))
    : fillIn(vscode.l10n.t('{0} kB/s'), Math.round(rate / 1_000));
}

/** A prompt short enough for a title. */
export function shortPrompt(prompt: string, maxChars = 40): string {
  return oneLine(prompt, { maxChars }) || vscode.l10n.t('image');
}
