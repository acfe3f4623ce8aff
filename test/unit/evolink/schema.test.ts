import assert from 'node:assert/strict';
import { EvolinkError } from '../../../src/evolink/errors.ts';
import { parseCredits, parseTask, parseTaskList, parseTasks } from '../../../src/evolink/schema.ts';

const picture = 'https://files.example/a.png';
const other = 'https://media.example/b.webp';

/** The answer to a create call, as the provider's page shows it. */
const documented = {
  created: 1_757_156_493,
  id: 'task-unified-1757156493-imcg5zqt',
  model: 'gpt-image-1.5-lite',
  object: 'image.generation.task',
  progress: 0,
  status: 'pending',
  task_info: { can_cancel: true, estimated_time: 100 },
  type: 'image',
  usage: { billing_rule: 'per_call', credits_reserved: 2.5, user_group: 'default' },
};

function problemOf(read: () => unknown): EvolinkError {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof EvolinkError) return thrown;
    throw thrown;
  }
  return assert.fail('it was read');
}

describe('reading a task', () => {
  it('takes what is documented', () => {
    assert.deepEqual(parseTask(documented), {
      id: 'task-unified-1757156493-imcg5zqt',
      status: 'pending',
      model: 'gpt-image-1.5-lite',
      progress: 0,
      estimatedMs: 100_000,
      credits: 2.5,
      resultUrls: [],
    });
  });

  it('needs no more than an id and a status', () => {
    assert.deepEqual(parseTask({ id: 't', status: 'processing' }), {
      id: 't',
      status: 'processing',
      resultUrls: [],
    });
  });

  it('passes fields it does not know', () => {
    const task = parseTask({ ...documented, billing: { plan: 'x' }, nothing: null, list: [1] });
    assert.deepEqual(task, parseTask(documented));
  });

  const statuses: [string, string][] = [
    ['pending', 'pending'],
    ['processing', 'processing'],
    ['completed', 'completed'],
    ['failed', 'failed'],
    ['cancelled', 'failed'],
    ['in_progress', 'processing'],
    ['', 'processing'],
    ['COMPLETED', 'completed'],
    [' SUCCESS ', 'completed'],
    ['Succeeded', 'completed'],
    ['canceled', 'failed'],
    ['CANCELLED', 'failed'],
    ['Timed out', 'failed'],
    ['error', 'failed'],
    ['QUEUED', 'processing'],
    ['In Progress', 'processing'],
    ['a word of tomorrow', 'processing'],
  ];
  for (const [given, read] of statuses) {
    it(`reads the status "${given}" as ${read}`, () => {
      assert.equal(parseTask({ id: 't', status: given }).status, read);
    });
  }

  it('is accepted by its id alone, whatever else is missing or wrong', () => {
    for (const body of [
      { id: 't' },
      { id: 't', status: null },
      { task_id: 't' },
      { data: { id: 't' } },
    ])
      assert.deepEqual(parseTask(body), { id: 't', status: 'processing', resultUrls: [] });
  });

  it('is completed by its results alone, unless its status says that it goes on', () => {
    assert.equal(parseTask({ id: 't', results: [picture] }).status, 'completed');
    assert.equal(
      parseTask({ id: 't', status: 'finalised', results: [picture] }).status,
      'completed',
    );
    assert.equal(
      parseTask({ id: 't', status: 'processing', results: [picture] }).status,
      'processing',
    );
  });

  it('is the task that was asked for when the answer does not name it', () => {
    assert.equal(parseTask({ status: 'completed', results: [picture] }, undefined, 't').id, 't');
    assert.equal(problemOf(() => parseTask({ status: 'pending' })).code, 'server');
  });

  it('failed when all it tells is an error, and that is no certain end', () => {
    for (const error of [{ code: 'x', message: 'y' }, 'y']) {
      const task = parseTask({ id: 't', error });
      assert.deepEqual(
        [task.status, task.error?.message, task.isEndUncertain],
        ['failed', 'y', true],
      );
    }
    assert.equal(parseTask({ id: 't', status: 'failed', error: 'y' }).error?.message, 'y');
    assert.equal(parseTask({ id: 't', status: 'failed', error: 'y' }).isEndUncertain, undefined);
  });

  const forms: [string, Record<string, unknown>, string[]][] = [
    ['strings', { results: [picture] }, [picture]],
    ['objects', { results: [{ url: picture, mime: 'image/png' }] }, [picture]],
    ['strings and objects mixed', { results: [picture, { url: other }] }, [picture, other]],
    ['result_data with image_url', { result_data: [{ image_url: picture }] }, [picture]],
    ['result_data with url', { result_data: [{ url: picture }] }, [picture]],
    ['result_url', { result_url: picture }, [picture]],
    ['url', { url: picture }, [picture]],
    ['an address said in two places', { results: [picture], result_url: picture }, [picture]],
    ['several places, the documented first', { url: other, results: [picture] }, [picture, other]],
    [
      'an http address',
      { results: ['http://files.example/a.png'] },
      ['http://files.example/a.png'],
    ],
    ['an empty list', { results: [] }, []],
    ['null', { results: null, result_data: null, result_url: null, url: null }, []],
    ['a string where a list belongs', { results: picture }, []],
    ['entries of other types', { results: [7, null, {}, { url: 7 }, picture] }, [picture]],
    ['what is no web address', { results: ['file:///etc/passwd', 'javascript:1', 'a.png'] }, []],
  ];
  for (const [form, fields, expected] of forms) {
    it(`finds results given as ${form}`, () => {
      const task = parseTask({ id: 't', status: 'completed', ...fields });
      assert.deepEqual(task.resultUrls, expected);
    });
  }

  const usages: [string, unknown, number | undefined][] = [
    ['reserved credits', { credits_reserved: 2.5 }, 2.5],
    ['used before reserved credits', { credits_used: 2, credits_reserved: 2.5 }, 2],
    ['the cost before reserved credits', { cost: { credits: 3, usd: 1 }, credits_reserved: 2 }, 3],
    ['used credits before the cost', { credits_used: 0, cost: { credits: 3 } }, 0],
    ['credits below zero as unknown', { credits_reserved: -1 }, undefined],
    ['a usage of another type as unknown', 'none', undefined],
    ['credits of another type as unknown', { credits_used: '2' }, undefined],
    ['one unreadable field by the next', { credits_used: 'many', credits_reserved: 2 }, 2],
  ];
  for (const [what, usage, expected] of usages) {
    it(`tells ${what}`, () => {
      assert.equal(parseTask({ ...documented, usage }).credits, expected);
    });
  }

  const dropped: [string, unknown][] = [
    ['progress', '50'],
    ['progress', null],
    ['progress', []],
    ['model', 7],
    ['task_info', []],
    ['task_info', 'soon'],
    ['task_info', { estimated_time: '100' }],
    ['task_info', { estimated_time: 0 }],
    ['task_info', { estimated_time: -5 }],
    ['task_info', { can_cancel: false }],
  ];
  for (const [field, value] of dropped) {
    it(`goes on without ${field} when it is ${JSON.stringify(value)}`, () => {
      const task = parseTask({ ...documented, [field]: value });
      const absent = parseTask({ ...documented, [field]: undefined });
      assert.deepEqual(task, absent);
    });
  }

  it('keeps progress between 0 and 100', () => {
    assert.equal(parseTask({ ...documented, progress: 140 }).progress, 100);
    assert.equal(parseTask({ ...documented, progress: -3 }).progress, 0);
  });

  const unreadable: [string, unknown, RegExp][] = [
    ['no id', { status: 'pending' }, /\bid\b/],
    ['an id that is a number', { id: 7, status: 'pending' }, /\bid\b/],
    ['an empty id', { id: '', status: 'pending' }, /\bid\b/],
    ['a text', '<html>', /\btask\b/],
    ['null', null, /\btask\b/],
    ['a list', [documented], /\bid\b/],
    ['a long page', `<html>${'x'.repeat(9000)}</html>`, /^.{1,100}$/],
  ];
  for (const [what, body, named] of unreadable) {
    it(`names what is wrong with ${what}`, () => {
      const error = problemOf(() => parseTask(body, 'req-7'));
      assert.equal(error.code, 'server');
      assert.match(error.message, named);
      // The server has answered, so a create may have been acted on.
      assert.deepEqual(error.details, { requestId: 'req-7', sent: 'yes' });
    });
  }
});

describe('reading a failed task', () => {
  const failed = (error: unknown, status = 'failed') => parseTask({ id: 't', status, error }).error;

  it('tells the provider’s code and words, and keeps the request id apart', () => {
    const error = failed({
      code: 'content_policy_violation',
      message: 'The prompt was refused (request id: 2025abc)',
      type: 'task_error',
    });
    assert.equal(error?.code, 'moderated');
    assert.equal(error.message, 'The prompt was refused');
    assert.deepEqual(error.details, {
      requestId: '2025abc',
      providerCode: 'content_policy_violation',
      providerMessage: 'The prompt was refused',
    });
  });

  it('says so when the provider gave no reason', () => {
    for (const error of [undefined, null, '', {}, { message: 7 }]) {
      assert.equal(failed(error)?.message, 'The provider gave no reason');
      assert.equal(failed(error)?.code, 'server');
    }
  });

  it('takes a number for a code', () => {
    assert.equal(failed({ code: 500, message: 'x' })?.details.providerCode, '500');
  });

  it('is cancelled when the provider says so, by status or by code', () => {
    assert.equal(failed(undefined, 'cancelled')?.code, 'cancelled');
    assert.equal(failed({ code: 'request_cancelled', message: 'x' })?.code, 'cancelled');
  });

  it('carries no error unless it failed', () => {
    const error = { code: 'x', message: 'y' };
    assert.equal(parseTask({ id: 't', status: 'completed', error }).error, undefined);
  });
});

describe('reading many tasks', () => {
  it('takes each of them, and leaves out what cannot be read', () => {
    const data = [documented, null, 'x', { id: 'no-status' }, { id: 't2', status: 'failed' }];
    const tasks = parseTasks({ success: true, data });
    assert.deepEqual(
      tasks.map(({ id, status }) => [id, status]),
      [
        [documented.id, 'pending'],
        ['no-status', 'processing'],
        ['t2', 'failed'],
      ],
    );
  });

  it('may be none', () => {
    assert.deepEqual(parseTasks({ data: [] }), []);
  });

  for (const body of [{}, { data: null }, { data: {} }, [], '']) {
    it(`names the list that is missing in ${JSON.stringify(body)}`, () => {
      const error = problemOf(() => parseTasks(body));
      assert.deepEqual([error.code, error.details.sent], ['server', 'yes']);
      assert.match(error.message, /data|tasks/);
    });
  }
});

describe('reading the list of tasks', () => {
  it('takes each line, with its time in milliseconds', () => {
    const line = {
      id: 't1',
      model: 'gpt-image-1.5-lite',
      type: 'image',
      status: 'completed',
      progress: 100,
      created_at: 1_757_156_493,
      has_results: true,
    };
    assert.deepEqual(parseTaskList({ data: [line], total: 1, page: 1, page_size: 50 }), [
      {
        id: 't1',
        status: 'completed',
        model: 'gpt-image-1.5-lite',
        createdAtMs: 1_757_156_493_000,
      },
    ]);
  });

  it('leaves out lines without an id, and fields of other types', () => {
    const data = [
      null,
      { status: 'failed' },
      { id: 't1', status: 7, created_at: 'today', model: 1 },
    ];
    assert.deepEqual(parseTaskList({ data }), [{ id: 't1', status: 'processing' }]);
  });

  it('names the list when there is none', () => {
    assert.match(problemOf(() => parseTaskList({ total: 0 })).message, /data/);
  });
});

describe('reading the credits', () => {
  const token = (remaining: unknown, unlimited?: unknown) => ({
    remaining_credits: remaining,
    unlimited_credits: unlimited,
    used_credits: 3,
  });
  const cases: [string, Record<string, unknown>, number | undefined][] = [
    ['the less of key and account', { token: token(40, false), user: token(100) }, 40],
    ['the account’s when it has less', { token: token(400, false), user: token(100) }, 100],
    ['the account’s when the key has no limit', { token: token(0, true), user: token(100) }, 100],
    ['the key’s when the account’s are unknown', { token: token(40) }, 40],
    ['the account’s when the key’s are unknown', { user: token(100) }, 100],
    ['zero as zero', { user: token(0) }, 0],
    ['nothing when neither is told', {}, undefined],
    ['nothing when both have other types', { token: 7, user: token('100') }, undefined],
  ];
  for (const [what, data, expected] of cases) {
    it(`tells ${what}`, () => {
      assert.equal(parseCredits({ data, message: '', success: true }), expected);
    });
  }

  it('names what is missing', () => {
    assert.match(problemOf(() => parseCredits({ success: true })).message, /data/);
  });
});
