import { askedFileOf, type Job, type SavedJob } from '../jobs/job.ts';
import { altFromPrompt, altOfEdit } from './alt/altFromPrompt.ts';

/** An edit of an edit of an edit … */
const maxSteps = 3;

/**
 * What an image shows, in words that a screen reader can bear: those of its prompt. The prompt of an
 * edit says what changes, so the words of its source come first.
 * @param jobs the newest first
 * @returns nothing for an image that was not made here
 */
export function imageWords(uri: string, jobs: readonly Job[]): string {
  const job = jobOf(uri, jobs);
  if (!job) return '';
  const changes: string[] = [];
  let made = job;
  for (let [source] = made.references; source !== undefined; [source] = made.references) {
    if (changes.length === maxSteps) break;
    changes.unshift(made.prompt);
    const earlier = jobOf(source, jobs);
    if (!earlier) return altOfEdit(fileWords(source), changes.join(', '));
    made = earlier;
  }
  const words = altFromPrompt(made.prompt);
  return changes.length === 0 ? words : altOfEdit(words, changes.join(', '));
}

/** The job that made an image, whether that is the original or the file in the format asked for. */
export function jobOf(uri: string, jobs: readonly Job[]): SavedJob | undefined {
  const saved = jobs.filter((job) => job.state === 'saved');
  return saved.find((job) => job.uri === uri || askedFileOf(job) === uri);
}

function fileWords(uri: string): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1).replace(/[?#].*$/s, '');
  let plain = name;
  try {
    plain = decodeURIComponent(name);
  } catch {
    // A name as it stands.
  }
  const dot = plain.lastIndexOf('.');
  return (dot > 0 ? plain.slice(0, dot) : plain).replace(/[-_.\s]+/g, ' ').trim();
}
