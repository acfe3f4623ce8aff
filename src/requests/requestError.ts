import { AppError } from '../appError.ts';
import type { Problem } from '../evolink/models/findProblems.ts';
import type { TransformFault } from './settingVariables.ts';

/** What is wrong with a field that a caller gave. */
export type OptionProblem =
  | 'options'
  | 'uri'
  | 'text'
  | 'uriOrText'
  | 'list'
  | 'flag'
  | 'number'
  | 'wholeNumber'
  | 'tooFew'
  | 'tooMany'
  | 'tooLong'
  | 'tooManyItems';

/** Settings of what is chosen, without the prefix of the extension. */
export type ChoiceSetting = 'model' | 'size' | 'quality' | 'resolution';

/** The settings that a request may fail for, without the prefix of the extension. */
export type RequestSetting =
  ChoiceSetting | 'output.directory' | 'output.fileName' | 'edit.fileName';

type OutputSetting = 'output.directory';

/** Why a request cannot be made, as facts. `requestMessage` in editor/ has the sentences. */
export type RequestProblem =
  /** An argument has the wrong form. `field` is a path such as `references.0`. */
  | { kind: 'option'; field: string; problem: OptionProblem; limit?: number }
  /** The model does not take a value; `setting` holds it when the caller did not give it. */
  | { kind: 'value'; problem: Problem; setting?: ChoiceSetting }
  /** A template names a variable that does not exist. */
  | {
      kind: 'unknownVariable';
      setting: RequestSetting;
      variable: string;
      known: readonly string[];
    }
  /** A workspace folder of that name is not open. */
  | { kind: 'unknownFolder'; setting: OutputSetting; folder: string; known: readonly string[] }
  /** An environment variable that is not set, or is empty. */
  | { kind: 'unsetEnvironment'; setting: OutputSetting; variable: string }
  /** An expression that is none, or takes too long. */
  | { kind: 'badTransform'; setting: OutputSetting; variable: string; fault: TransformFault }
  /** A variable that stands for a whole path, and not at the beginning. */
  | { kind: 'notFirst'; setting: OutputSetting; variable: string }
  /** What only shells fill in. */
  | { kind: 'notExpanded'; setting: OutputSetting; part: string; instead: string }
  /** A drive or a server that this system does not know. */
  | { kind: 'noSuchRoot'; setting: OutputSetting; part: string }
  | { kind: 'badCharacter'; setting: OutputSetting; character: string }
  /** A name that Windows gives to no folder. */
  | { kind: 'badName'; setting: OutputSetting; name: string }
  /** The document itself, or something in it. */
  | { kind: 'notAFolder'; setting: OutputSetting; instead: string }
  /** A variable that ends at a brace of its own expression. */
  | { kind: 'braceInTransform'; setting: OutputSetting; variable: string }
  | { kind: 'tooLongPath'; setting: OutputSetting }
  /** In Restricted Mode a setting may not lead out of the workspace. */
  | { kind: 'outsideWorkspace'; setting: 'output.directory' }
  /** An edit names no image. */
  | { kind: 'noImage' };

/** A request that is refused before anything is sent. Its code is `badRequest`. */
export class RequestError extends AppError {
  readonly problem: RequestProblem;

  constructor(problem: RequestProblem) {
    super('badRequest', `The request cannot be made: ${problem.kind}`, { sent: 'no' });
    this.name = 'RequestError';
    this.problem = problem;
  }
}
