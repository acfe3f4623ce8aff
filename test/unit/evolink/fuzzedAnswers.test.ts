import assert from 'node:assert/strict';
import { parseError } from '../../../src/evolink/errorAnswer.ts';
import { EvolinkError } from '../../../src/evolink/errors.ts';
import {
  isRefusal,
  parseFileList,
  parseFilesError,
  parseQuota,
  parseUploadedFile,
} from '../../../src/evolink/filesSchema.ts';
import { cleanJson } from '../../../src/evolink/readAnswer.ts';
import { parseCredits, parseTask, parseTaskList, parseTasks } from '../../../src/evolink/schema.ts';
import { toJobError } from '../../../src/jobs/jobError.ts';
import { createFuzz, longestText } from '../fuzz.ts';

const image = 'https://files.example/a.png';
const task = {
  id: 'task-1',
  status: 'completed',
  model: 'gpt-image-1.5-lite',
  progress: 100,
  task_info: { estimated_time: 100 },
  usage: { credits_reserved: 2.5, cost: { credits: 2 } },
  results: [image, { url: image }],
  result_data: [{ image_url: image }],
  error: { code: 'x', message: 'y (request id: z)' },
};
const file = { file_id: '1', file_name: 'a', file_url: image, upload_time: 1, expires_at: 'x' };

const readers: Record<string, [unknown, (body: unknown) => unknown]> = {
  'a task': [task, (body) => parseTask(body)],
  tasks: [{ data: [task, task] }, (body) => parseTasks(body)],
  'a list of tasks': [{ data: [{ ...task, created_at: 1 }] }, (body) => parseTaskList(body)],
  credits: [
    { data: { token: { remaining_credits: 1 }, user: { remaining_credits: 2 } } },
    (body) => parseCredits(body),
  ],
  'an error': [
    { error: { code: 'x', message: 'y', type: 'z', param: 'p', action_url: 'https://x' } },
    (body) => toJobError(parseError({ status: 402, body })),
  ],
  'an error of files': [
    { success: false, code: 40003, msg: 'x' },
    (body) => [isRefusal(body), toJobError(parseFilesError({ status: 400, body }))],
  ],
  'a file': [{ data: file }, (body) => parseUploadedFile(body, 0)],
  'a list of files': [{ data: { files: [file] }, total: 1 }, (body) => parseFileList(body)],
  'a quota': [{ data: { used_files: 1, max_files: 2 } }, (body) => parseQuota(body)],
};
const perReader = 5_000;

describe('answers of the provider', () => {
  for (const [name, [sample, read]] of Object.entries(readers)) {
    it(`are read, or refused by an error of ours: ${String(perReader)} of ${name}`, () => {
      const fuzz = createFuzz(7);
      let read_ = 0;
      for (let count = 0; count < perReader; count += 1) {
        const body = fuzz.below(10) === 0 ? fuzz.value() : fuzz.like(sample);
        try {
          const result = read(cleanJson(body, (text) => text));
          assert.ok(longestText(result) <= 20_001);
          read_ += 1;
        } catch (thrown) {
          if (!(thrown instanceof EvolinkError)) throw thrown;
          assert.ok(thrown.message.length <= 1_001);
        }
      }
      assert.ok(read_ > perReader / 20, `${String(read_)} were read`);
    });
  }
});
