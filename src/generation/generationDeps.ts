import type * as vscode from 'vscode';
import type { KeyDeps } from '../editor/askForApiKey.ts';
import type { Typing } from '../editor/files/typing.ts';
import type { Placeholders } from '../editor/files/placeholders.ts';
import type { Workplace } from '../editor/files/workplace.ts';
import type { Log } from '../editor/log.ts';
import type { PriceList } from '../evolink/prices.ts';
import type { Job, SavedJob } from '../jobs/job.ts';
import type { ImagesInTexts } from './imagesInTexts.ts';
import type { ConversionDeps } from './conversion/convertImage.ts';
import type { ConversionPlace } from './references/convertReference.ts';

/** What the request pipeline may use. */
export interface GenerationDeps extends KeyDeps {
  log: Log;
  /** What images cost, as far as it is known. */
  prices: PriceList;
  /** Makes what the provider takes of references. */
  conversion: ConversionPlace;
  /** Makes other formats and widths of images. */
  converting: ConversionDeps;
  placeholders: Pick<Placeholders, 'put'>;
  workplace: Pick<Workplace, 'now'>;
  texts: ImagesInTexts;
  /** Some of the newest, the newest first; as they were last, while they cannot be read. */
  recentJobs: () => readonly Job[];
  /**
   * The job that made a file, whether that is the original or what was made of it; none also while
   * the list of images cannot be read.
   */
  jobOfFile: (file: vscode.Uri) => Promise<SavedJob | undefined>;
  typing: Pick<Typing, 'changes' | 'isUnderWay'>;
  /** Whether a reference has no address yet that the provider could fetch. */
  needsUpload: (reference: string) => Promise<boolean>;
  /** Where this extension keeps its own files: no result belongs there. */
  ownFolder: vscode.Uri;
  /** Small choices remembered for this workspace. */
  memento: vscode.Memento;
}
