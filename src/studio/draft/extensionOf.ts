import { posix } from 'node:path';
import type { ModelRow } from '../../evolink/models/modelRow.ts';
import { shippedModels } from '../../evolink/models/shippedModels.ts';
import type { Job } from '../../jobs/job.ts';

/** Which of several types a model sends is seen when the image is there. */
const unknown = '.…';

/**
 * The extension that the next image of a model will have: that of its last one, else the first
 * format that it offers. EvoLink's page says the type for the first model alone.
 */
export function extensionOf(
  { id, outputFormats }: Pick<ModelRow, 'id' | 'outputFormats'>,
  jobs: readonly Job[],
): string {
  for (const job of jobs)
    if (job.state === 'saved' && job.model === id && !job.isConverted) {
      const extension = posix.extname(job.uri);
      if (extension !== '') return extension;
    }
  const format = outputFormats?.[0];
  if (format !== undefined) return format === 'jpeg' ? '.jpg' : `.${format}`;
  return id === shippedModels[0]?.id ? '.png' : unknown;
}
