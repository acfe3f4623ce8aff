import assert from 'node:assert/strict';
import {
  type ErrorCode,
  errorCodes,
  type ErrorDetails,
  isPassing,
  toAppError,
} from '../../../src/appError.ts';
import {
  codeOfAnswer,
  codeOfTaskFailure,
  EvolinkError,
  isOutcomeUnknown,
} from '../../../src/evolink/errors.ts';
import { parseError } from '../../../src/evolink/errorAnswer.ts';

describe('the figures of a refusal', () => {
  const read = (status: number, error: object) =>
    parseError({ status, body: { error: { message: 'x', ...error } } }).details;

  it('are the credits, as far as they are numbers', () => {
    const { quota } = read(402, {
      code: 'token_daily_quota_exceeded',
      estimated_credits: 4,
      account_balance_credits: '7',
      remaining_credits: 0.5,
      reset_timezone: 'UTC',
    });
    assert.deepEqual(quota, { estimated: 4, remaining: 0.5, resetTimezone: 'UTC' });
    assert.equal(read(402, { code: 'insufficient_quota' }).quota, undefined);
  });

  it('are the models that a key may use, as far as they are names', () => {
    const allowed_models = ['gpt-image-2', 7, null, 'x'.repeat(10_000), 'z-image-turbo'];
    const { allowedModels } = read(403, { code: 'key_model_not_allowed', allowed_models });
    assert.deepEqual(allowedModels, ['gpt-image-2', 'z-image-turbo']);
    for (const wrong of [null, 'gpt-image-2', {}, []])
      assert.equal(read(403, { allowed_models: wrong }).allowedModels, undefined);
  });

  it('say that the model is gone where the provider objects to the field', () => {
    assert.equal(
      parseError({
        status: 400,
        body: { error: { code: 'invalid_request', param: 'model', message: 'x' } },
      }).code,
      'modelGone',
    );
    assert.equal(
      parseError({
        status: 400,
        body: { error: { code: 'invalid_request', param: 'size', message: 'x' } },
      }).code,
      'badRequest',
    );
  });
});

describe('the code of an answer', () => {
  const cases: [number, string | undefined, ErrorCode][] = [
    [400, undefined, 'badRequest'],
    [400, 'invalid_request', 'badRequest'],
    [400, 'no_available_channel', 'server'],
    [400, 'content_policy_violation', 'moderated'],
    [400, 'content_filter', 'moderated'],
    [400, 'sensitive_content', 'moderated'],
    [403, 'moderation_blocked', 'moderated'],
    [422, 'input_moderation_failed', 'moderated'],
    [500, 'content_filter', 'moderated'],
    [401, undefined, 'auth'],
    [401, 'unauthorized', 'auth'],
    [401, 'KEY_DISABLED', 'auth'],
    [401, 'KEY_EXPIRED', 'auth'],
    [402, undefined, 'credits'],
    [402, 'insufficient_quota', 'credits'],
    [402, 'quota_exceeded', 'credits'],
    [429, 'insufficient_quota', 'credits'],
    [403, 'insufficient_user_quota', 'credits'],
    [400, 'insufficient_token_quota', 'credits'],
    [429, 'token_daily_quota_exceeded', 'credits'],
    [503, 'quota_exceeded', 'server'],
    [403, undefined, 'forbidden'],
    [403, 'model_access_denied', 'forbidden'],
    [403, 'key_model_not_allowed', 'forbidden'],
    [400, 'model_not_found', 'modelGone'],
    [404, 'model_not_found', 'modelGone'],
    [404, 'MODEL_NOT_FOUND', 'modelGone'],
    [422, 'unsupported_model', 'modelGone'],
    [410, 'model_retired', 'modelGone'],
    [503, 'model_not_found', 'server'],
    [400, 'model_unavailable', 'badRequest'],
    [404, undefined, 'notFound'],
    [410, undefined, 'notFound'],
    [407, undefined, 'network'],
    [408, undefined, 'timeout'],
    [409, 'idempotency_conflict', 'conflict'],
    [409, 'paid_outcome_unknown', 'conflict'],
    [413, undefined, 'tooLarge'],
    [422, undefined, 'badRequest'],
    [425, undefined, 'server'],
    [429, undefined, 'rateLimited'],
    [418, undefined, 'badRequest'],
    [302, undefined, 'badRequest'],
    [500, undefined, 'server'],
    [502, undefined, 'server'],
    [503, 'service_unavailable', 'server'],
    [504, undefined, 'timeout'],
    [599, undefined, 'server'],
  ];
  for (const [status, providerCode, code] of cases) {
    it(`is ${code} for ${String(status)} ${providerCode ?? ''}`.trimEnd(), () => {
      assert.equal(codeOfAnswer(status, providerCode), code);
    });
  }
});

describe('the code of a failed task', () => {
  const cases: [string | undefined, ErrorCode][] = [
    [undefined, 'server'],
    ['content_policy_violation', 'moderated'],
    ['content_filter', 'moderated'],
    ['sensitive_content', 'moderated'],
    ['moderation_blocked', 'moderated'],
    ['input_moderation_failed', 'moderated'],
    ['invalid_parameters', 'badRequest'],
    ['image_processing_error', 'badRequest'],
    ['image_dimension_mismatch', 'badRequest'],
    ['service_error', 'server'],
    ['generation_timeout', 'timeout'],
    ['resource_exhausted', 'server'],
    ['service_unavailable', 'server'],
    ['generation_failed_no_content', 'server'],
    // Of a task this is the provider's own quota, not the user's.
    ['quota_exceeded', 'server'],
    ['model_unavailable', 'server'],
    ['upstream_error', 'server'],
    ['rate_limited', 'rateLimited'],
    ['request_cancelled', 'cancelled'],
    ['of tomorrow', 'server'],
  ];
  for (const [providerCode, code] of cases) {
    it(`is ${code} for ${providerCode ?? 'none'}`, () => {
      assert.equal(codeOfTaskFailure(providerCode), code);
    });
  }
});

describe('the error in an answer', () => {
  const parse = (status: number, body: unknown, more: object = {}) =>
    parseError({ status, body, ...more });

  it('is read from an error object', () => {
    const error = parse(400, {
      error: {
        code: 'invalid_request',
        message: 'size is wrong',
        type: 'invalid_request_error',
        param: 'size',
      },
    });
    assert.equal(error.code, 'badRequest');
    assert.equal(error.message, 'size is wrong');
    assert.deepEqual(error.details, {
      status: 400,
      providerCode: 'invalid_request',
      providerMessage: 'size is wrong',
      param: 'size',
      sent: 'yes',
      isSureRefusal: true,
    });
  });

  it('is read from an error object whose code is a number, by its type', () => {
    const error = parse(413, {
      error: {
        code: 413,
        message: 'Image file too large',
        type: 'request_too_large_error',
        fallback_suggestion: 'compress it',
      },
    });
    assert.equal(error.code, 'tooLarge');
    assert.equal(error.message, 'Image file too large');
    assert.equal(error.details.providerCode, 'request_too_large_error');
  });

  it('is read from success, code and msg', () => {
    const error = parse(413, { success: false, code: 413, msg: 'file too large' });
    assert.deepEqual([error.code, error.message], ['tooLarge', 'file too large']);
  });

  it('is read from code and message without an envelope', () => {
    const error = parse(402, { code: 'insufficient_quota', message: 'No credits', data: null });
    assert.deepEqual([error.code, error.message], ['credits', 'No credits']);
  });

  it('is read from an error that is a text', () => {
    assert.equal(parse(400, { error: 'broken' }).message, 'broken');
  });

  it('is read from a plain text, as one short line', () => {
    assert.equal(parse(500, 'upstream\n  failed\n').message, 'upstream failed');
    assert.equal(parse(500, 'x'.repeat(5000)).message.length, 300);
  });

  for (const body of [
    '',
    '   ',
    '<!DOCTYPE html><h1>502</h1>',
    '\n<html>',
    null,
    7,
    [],
    {},
    true,
  ]) {
    it(`is the status when the body is ${JSON.stringify(body)}`, () => {
      const error = parse(502, body);
      assert.equal(error.code, 'server');
      assert.equal(error.message, 'The server answered with status 502');
      assert.deepEqual(error.details, { status: 502, sent: 'yes' });
    });
  }

  it('passes by fields of other types', () => {
    const body = { error: { code: null, message: 7, type: [], param: {} }, msg: 3 };
    assert.equal(parse(400, body).message, 'The server answered with status 400');
  });

  const suffixed: [string, string, string | undefined][] = [
    ['Too large (request id: 2025abc)', 'Too large', '2025abc'],
    ['Too large  ( Request ID: 2025abc ) ', 'Too large', '2025abc'],
    ['Too large (request id: a1) (request id: b2)', 'Too large', 'b2'],
    ['(request id: a1)', 'The server answered with status 400', 'a1'],
    ['About (request id: a1) itself', 'About (request id: a1) itself', 'from-header'],
    ['Nothing', 'Nothing', 'from-header'],
  ];
  for (const [message, told, requestId] of suffixed) {
    it(`tells "${message}" as "${told}"`, () => {
      const error = parse(400, { error: { message } }, { requestId: 'from-header' });
      assert.equal(error.message, told);
      assert.equal(error.details.requestId, requestId);
    });
  }

  const urls: [string, unknown, string | undefined][] = [
    ['an https address', 'https://evolink.ai/top-up', 'https://evolink.ai/top-up'],
    ['no http address', 'http://evolink.ai/top-up', undefined],
    ['no command', 'command:workbench.action.quit', undefined],
    ['no script', 'javascript:alert(1)', undefined],
    ['no path', '/top-up', undefined],
    ['no number', 7, undefined],
  ];
  for (const [what, address, expected] of urls) {
    it(`offers ${what} to buy credits`, () => {
      const inside = parse(402, { error: { code: 'quota_exceeded', action_url: address } });
      const outside = parse(402, { code: 'quota_exceeded', msg: 'x', action_url: address });
      assert.equal(inside.details.topUpUrl, expected);
      assert.equal(outside.details.topUpUrl, expected);
    });
  }

  it('keeps how long to wait', () => {
    assert.equal(parse(429, '', { retryAfterMs: 7000 }).details.retryAfterMs, 7000);
  });
});

describe('whether a create that failed may have been acted on', () => {
  const error = (code: ErrorCode, details: ErrorDetails = {}) =>
    new EvolinkError(code, 'x', details);
  const cases: [string, EvolinkError, boolean][] = [
    ['nothing was sent', error('network', { sent: 'no' }), false],
    ['nothing was sent in time', error('timeout', { sent: 'no' }), false],
    ['there is no key', error('noKey', { sent: 'no' }), false],
    ['the connection broke', error('network', { sent: 'maybe' }), true],
    ['the answer did not come in time', error('timeout', { sent: 'maybe' }), true],
    ['the answer cannot be read', error('server', { sent: 'yes' }), true],
    ['nothing is known', error('server'), true],
    ['500', error('server', { status: 500, sent: 'yes' }), true],
    ['502', error('server', { status: 502, sent: 'yes' }), true],
    ['503', error('server', { status: 503, sent: 'yes' }), true],
    ['504', error('timeout', { status: 504, sent: 'yes' }), true],
    ['408', error('timeout', { status: 408, sent: 'yes' }), true],
    ['200', error('server', { status: 200, sent: 'yes' }), true],
    ['409', error('conflict', { status: 409, sent: 'yes' }), true],
    ['a status alone', error('badRequest', { status: 400, sent: 'yes' }), true],
    ['451', error('badRequest', { status: 451, sent: 'yes' }), true],
    ['302', error('badRequest', { status: 302, sent: 'yes' }), true],
    [
      'the provider itself refused',
      error('badRequest', { status: 400, sent: 'yes', isSureRefusal: true }),
      false,
    ],
  ];
  for (const [what, thrown, isUnknown] of cases) {
    it(`is ${isUnknown ? 'open' : 'known not to be'} when: ${what}`, () => {
      assert.equal(isOutcomeUnknown(thrown), isUnknown);
    });
  }
});

describe('an answer to a create', () => {
  const refused: [number, unknown][] = [
    [400, { error: { code: 'invalid_request', message: 'x', type: 'invalid_request_error' } }],
    [400, { error: { code: 'content_policy_violation', message: 'x' } }],
    [401, { error: { code: 'KEY_EXPIRED', message: 'x' } }],
    [402, { error: { code: 'insufficient_quota', message: 'x' } }],
    [403, { error: { code: 'model_access_denied', message: 'x' } }],
    [413, { error: { code: 413, message: 'x', type: 'request_too_large_error' } }],
    [429, { error: { code: 'rate_limit_exceeded', message: 'x' } }],
    [503, { error: { code: 'no_available_channel', message: 'x' } }],
    [400, { success: false, code: 400, msg: 'x' }],
  ];
  for (const [status, body] of refused) {
    it(`is a sure refusal with ${String(status)} and ${JSON.stringify(body)}`, () => {
      assert.equal(parseError({ status, body }).details.isSureRefusal, true);
    });
  }

  const open: [number, unknown][] = [
    [302, ''],
    [400, '<html><h1>400 Bad Request</h1></html>'],
    [401, 'Unauthorized'],
    [403, { message: 'Blocked by policy', code: 403 }],
    [403, { error: { code: 403, message: 'Forbidden', status: 'PERMISSION_DENIED' } }],
    [405, ''],
    [407, '<html></html>'],
    [409, { error: { code: 'idempotency_conflict', message: 'x', type: 'invalid_request_error' } }],
    [400, { error: { code: 'paid_outcome_unknown', message: 'x', type: 'invalid_request_error' } }],
    [408, { error: { code: 'invalid_request', message: 'x' } }],
    [429, '<html>Too many requests</html>'],
    [451, 'Unavailable for legal reasons'],
    [400, { error: { code: 'a_new_code', message: 'x' } }],
    [400, { error: 'bad request' }],
    [500, { error: { code: 'invalid_request', message: 'x' } }],
    [503, { error: { code: 'service_unavailable', message: 'x' } }],
  ];
  for (const [status, body] of open) {
    it(`leaves it open with ${String(status)} and ${JSON.stringify(body)}`, () => {
      assert.equal(parseError({ status, body }).details.isSureRefusal, undefined);
    });
  }
});

describe('any failure', () => {
  it('may pass by itself when the network, the server or a limit is at fault', () => {
    const passing = errorCodes.filter((code) => isPassing(new EvolinkError(code, 'x')));
    assert.deepEqual(passing, ['rateLimited', 'server', 'network', 'timeout']);
  });

  it('stays itself when it is one of ours', () => {
    const error = new EvolinkError('credits', 'x');
    assert.equal(toAppError(error), error);
  });

  it('is cancelled when it was aborted', () => {
    const { reason } = AbortSignal.abort() as { reason: unknown };
    assert.equal(toAppError(reason).code, 'cancelled');
  });

  it('becomes one of ours and keeps what it came from', () => {
    const cause = new TypeError('odd');
    const error = toAppError(cause);
    assert.deepEqual([error.code, error.message, error.cause], ['internal', 'odd', cause]);
    assert.equal(toAppError('text').message, 'text');
  });
});
