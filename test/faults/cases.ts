import type { Fault, FaultMatch, ResetPhase } from '../fakeEvolink/faults.ts';
import type { ErrorCode } from '../../src/appError.ts';
import type { JobState } from '../../src/jobs/job.ts';

export type Phase = 'create' | 'query' | 'batch' | 'result';

/** One fault, met in one phase of a job's life, and how the job must end. */
export interface FaultCase {
  phase: Phase;
  fault: Fault;
  times: number;
  ends: { state: JobState; code?: ErrorCode };
  /** Taken up again, or with the connection mended, it is saved without being paid again. */
  thenSaved?: true;
}

const statuses = [408, 425, 429, 500, 502, 503, 504, 520];
const bodies = ['json', 'html', 'text', 'empty'] as const;
const resets: ResetPhase[] = [
  'beforeBody',
  'duringRequest',
  'afterRequest',
  'afterHeaders',
  'duringBody',
  'afterBody',
];
const saved = { state: 'saved' } as const;
const phases: Phase[] = ['create', 'query', 'batch', 'result'];

function once(phase: Phase, fault: Fault, times = 1): FaultCase {
  return { phase, fault, times, ends: saved };
}

function statusCases(): FaultCase[] {
  return phases.flatMap((phase) =>
    statuses.flatMap((status) =>
      bodies.flatMap((body) => {
        const fault = {
          kind: 'status',
          status,
          body,
          ...(status === 429 && { retryAfter: 0.1 }),
        } as const;
        const before = once(phase, fault);
        return phase === 'create' ? [before, once(phase, { ...fault, after: true })] : [before];
      }),
    ),
  );
}

/** Lost twice, nobody knows: then it is neither paid again nor given up. */
function lostTwice(): FaultCase[] {
  const faults: Fault[] = [
    { kind: 'status', status: 502, body: 'html', after: true },
    { kind: 'status', status: 504, body: 'empty' },
    { kind: 'reset', at: 'afterRequest' },
    { kind: 'malformedJson' },
    { kind: 'html' },
    { kind: 'hang', after: true },
    { kind: 'wrongTypes', remove: ['id'] },
    { kind: 'status', status: 409, code: 'paid_outcome_unknown' },
  ];
  return faults.map((fault) => ({
    phase: 'create',
    fault,
    times: 2,
    ends: { state: 'unconfirmed', code: 'unconfirmed' },
  }));
}

/** A plain refusal is one: nothing was paid, nothing is asked again. */
function refusals(): FaultCase[] {
  const refused: [number, ErrorCode, string | undefined][] = [
    [400, 'badRequest', 'invalid_request'],
    [400, 'moderated', 'content_policy_violation'],
    [403, 'forbidden', 'model_not_allowed'],
    [404, 'notFound', undefined],
    [413, 'tooLarge', undefined],
  ];
  return refused.map(([status, code, providerCode]) => ({
    phase: 'create',
    fault: { kind: 'status', status, ...(providerCode !== undefined && { code: providerCode }) },
    times: 1,
    ends: { state: 'failed', code },
  }));
}

/** What the key or the network is to blame for costs nothing, and waits in the queue. */
function pauses(): FaultCase[] {
  const fault = { kind: 'status', status: 401, code: 'unauthorized' } as const;
  return [{ phase: 'create', fault, times: 1, ends: { state: 'queued' }, thenSaved: true }];
}

/** What stands in between answers the repetition too: nobody knows whether it was accepted. */
function gateways(): FaultCase[] {
  return [302, 400, 403, 404, 405, 407, 451].map((status) => ({
    phase: 'create',
    fault: { kind: 'status', status, body: 'html', after: true },
    times: 2,
    ends: { state: 'unconfirmed', code: 'unconfirmed' },
  }));
}

function brokenAnswers(): FaultCase[] {
  const faults: Fault[] = [
    ...resets.map((at): Fault => ({ kind: 'reset', at })),
    { kind: 'slow', chunkBytes: 64, everyMs: 5, firstByteMs: 50 },
    { kind: 'hang' },
    { kind: 'hang', after: true },
    { kind: 'hang', part: 'headers' },
    { kind: 'hang', part: 'half' },
    { kind: 'html' },
  ];
  const ofJson: Fault[] = [
    { kind: 'malformedJson' },
    { kind: 'successFalse' },
    { kind: 'wrongTypes' },
    { kind: 'wrongTypes', remove: ['id'] },
    { kind: 'wrongTypes', replace: { id: 7, status: null } },
    { kind: 'wrongTypes', replace: { 'data.0.id': 7, 'data.0.status': [] } },
    { kind: 'wrongTypes', replace: { data: 'none' } },
  ];
  return phases.flatMap((phase) =>
    (phase === 'result' ? faults : [...faults, ...ofJson]).map((fault) => once(phase, fault)),
  );
}

function imageCases(): FaultCase[] {
  const corrupted: Fault[] = [
    { kind: 'truncated', contentLength: 'whole' },
    { kind: 'truncated', contentLength: 'cut' },
    { kind: 'truncated', contentLength: 'none' },
    { kind: 'truncated', contentLength: 'cut', keepRatio: 0 },
    { kind: 'oversized', sizeBytes: 3_000_000 },
    { kind: 'oversized', sizeBytes: 3_000_000, chunked: true },
    { kind: 'notAnImage' },
    { kind: 'redirect' },
    { kind: 'wrongContentType' },
    { kind: 'wrongContentType', contentType: 'text/html' },
    { kind: 'expired', status: 403 },
    { kind: 'expired', status: 404 },
    { kind: 'expired', status: 410 },
  ];
  const refused = ([403, 404, 410] as const).map(
    (status) => ({ kind: 'expired', status }) as const,
  );
  const fatal: [Fault, ErrorCode][] = [
    [{ kind: 'html' }, 'badImage'],
    [{ kind: 'notAnImage' }, 'badImage'],
    [{ kind: 'truncated', contentLength: 'cut' }, 'badImage'],
  ];
  return [
    ...corrupted.map((fault) => once('result', fault)),
    ...refused.map((fault) => once('result', fault, 8)),
    ...fatal.map(([fault, code]): FaultCase => ({
      phase: 'result',
      fault,
      times: 5,
      ends: { state: 'failed', code },
      thenSaved: true,
    })),
  ];
}

/** What becomes of a task, ordered when it is made. */
function outcomes(): FaultCase[] {
  const shapes = ['strings', 'objects', 'result_data', 'result_url', 'url'] as const;
  const failed = (code: string, ours: ErrorCode): FaultCase => ({
    phase: 'create',
    fault: { kind: 'failed', code },
    times: 1,
    ends: { state: 'failed', code: ours },
  });
  return [
    ...shapes.map((as) => once('create', { kind: 'resultsAs', as })),
    once('create', { kind: 'statusAs', as: 'SUCCESS' }),
    once('create', { kind: 'statusAs' }),
    once('create', { kind: 'emptyResults', queries: 4 }),
    once('create', { kind: 'unknownTask', queries: 4 }),
    once('create', { kind: 'takes', ms: 1_500 }),
    once('create', { kind: 'imageFormat', format: 'webp' }),
    once('create', { kind: 'imageFormat', format: 'jpeg' }),
    once('query', { kind: 'stuck' }, 3),
    once('query', { kind: 'emptyResults' }, 2),
    once('query', { kind: 'unknownTask' }, 3),
    once('query', { kind: 'resultUrl', url: 'ftp://nowhere/x.png' }, 2),
    once('query', { kind: 'resultUrl', url: 'no address' }, 2),
    failed('generation_failed_no_content', 'server'),
    failed('content_policy_violation', 'moderated'),
    failed('invalid_parameters', 'badRequest'),
    { ...failed('', 'cancelled'), fault: { kind: 'cancelled' } },
    once('query', { kind: 'unknownTask' }, 8),
  ];
}

export function allCases(): FaultCase[] {
  return [
    ...statusCases(),
    ...lostTwice(),
    ...refusals(),
    ...pauses(),
    ...gateways(),
    ...[302, 400, 403, 404, 405, 407, 451].flatMap((status) => [
      once('create', { kind: 'status', status, body: 'html', after: true }),
      once('query', { kind: 'status', status, body: 'html' }, 3),
    ]),
    ...brokenAnswers(),
    ...imageCases(),
    ...outcomes(),
  ];
}

export function nameOf({ phase, fault, times }: FaultCase): string {
  const { kind, ...rest } = fault;
  const facts = Object.values(rest).map((value) =>
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  );
  return [phase, kind, ...facts, `×${String(times)}`].join(' ');
}

export function matchOf({ phase }: FaultCase, promptIncludes: string): FaultMatch {
  return { route: phase, promptIncludes };
}
