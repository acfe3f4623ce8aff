import type { Job } from '../jobs/job.ts';

/** A reader, and a program that reads aloud, wants no more. */
const maxChars = 200;
/** An edit of an edit of an edit … */
const maxSteps = 3;

/**
 * What an image shows, in words: its prompt. An edit's prompt says what changes, so the words of its
 * source come first.
 * @param jobs the newest first
 */
export function imageWords(uri: string, jobs: readonly Job[], steps = 0): string {
  const job = jobOf(uri, jobs);
  if (!job) return steps === 0 ? '' : fileWords(uri);
  const [source] = job.references;
  const isEdit = source !== undefined && steps < maxSteps;
  const before = isEdit ? imageWords(source, jobs, steps + 1) : '';
  return cut([before, job.prompt.replace(/\s+/g, ' ').trim()].filter(Boolean).join(', '));
}

/** Whether the words of an image are made of an order, which nobody wrote to describe it. */
export function isEdited(uri: string, jobs: readonly Job[]): boolean {
  return (jobOf(uri, jobs)?.references.length ?? 0) > 0;
}

/** The job that made an image. */
export function jobOf(uri: string, jobs: readonly Job[]): Job | undefined {
  return jobs.find((job) => job.state === 'saved' && job.uri === uri);
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

/** At the end of a word, where there is one. */
function cut(words: string): string {
  if (words.length <= maxChars) return words;
  const begin = words.slice(0, maxChars).toWellFormed().replace('\ufffd', '');
  const end = begin.lastIndexOf(' ');
  return `${end > maxChars / 2 ? begin.slice(0, end) : begin}…`;
}
