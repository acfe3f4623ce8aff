import type * as vscode from 'vscode';
import type { AppError } from '../../appError.ts';
import type { LocalizedError } from '../../editor/errors/localizedError.ts';
import type { Job } from '../../jobs/job.ts';
import type { ImageRequest } from '../../requests/imageRequest.ts';
import type { SentImage } from '../../requests/uploadConsent.ts';
import type { AskedRequest } from '../askedRequest.ts';
import type { GenerationResult } from '../generationResult.ts';

/** A request as its author completed it. */
export interface Composed extends ImageRequest {
  /** The folder that was chosen for its results. */
  output?: vscode.Uri | undefined;
}

/**
 * Who asks for images, as far as the pipeline has to know: answers the questions that come up, by a
 * dialog, by policy, or by a refusal. A refusal is an AppError with a code of the contract; a user
 * who says no is `cancelled`.
 */
export interface Interaction {
  /** An edit was given no image. @returns none when the user leaves. */
  chooseImages: (asked: AskedRequest) => Promise<readonly string[]>;
  /** Looks at a request before a user is asked for its prompt, and may narrow its references. */
  review: (draft: ImageRequest, asked: AskedRequest) => Promise<ImageRequest>;
  /** Completes a request by what only its author knows. @returns undefined when the user leaves. */
  compose: (draft: Composed, asked: AskedRequest) => Promise<Composed | undefined>;
  /** There is no API key, or none for `reason`. Returns when there is one. */
  provideKey: (reason?: AppError) => Promise<void>;
  /** No folder is open for the results. */
  provideFolder: () => Promise<vscode.Uri>;
  /** The request is about to be paid. Returns when it may be. */
  consentToPay: (request: ImageRequest) => Promise<void>;
  /** One of several references cannot be used. Returns when it may be left out. */
  leaveOut: (error: LocalizedError) => Promise<void>;
  /** A reference is larger than the provider takes. Returns when a smaller copy may be sent. */
  scaleDown: (error: LocalizedError) => Promise<void>;
  /** Whether a user decides of this image each time, whatever the setting for uploads says. */
  mustConfirm: (image: SentImage) => boolean;
  /** These images are about to be sent to the provider. Returns when they may be. */
  consentToSend: (images: readonly SentImage[]) => Promise<void>;
  /** Files of these names are sent as PNG. */
  notifyConverted: (names: readonly string[]) => void;
  /** Waits until the jobs have ended, or as long as anybody cares. */
  waitFor: (jobs: readonly Job[]) => Promise<readonly Job[]>;
  /** Shows what was made. */
  present: (result: GenerationResult, request: ImageRequest, asked: AskedRequest) => Promise<void>;
  /**
   * Tells a user of a failure: returning, it leads back to `compose`, where the user can mend the
   * request. @throws the failure where nobody is told here.
   */
  report: (thrown: unknown) => void;
}
