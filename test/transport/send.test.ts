import { describe, expect, it } from 'vitest';
import {
  type APIStatusError,
  APITimeoutError,
  APIUserAbortError,
  BadRequestError,
  OverloadedError,
} from '../../src/errors.js';
import type { Report } from '../../src/observe.js';
import { bodyText } from '../../src/stream/send-json.js';
import { ManualClock } from '../../src/testing/time/manual-clock.js';
import { Deadline } from '../../src/transport/deadline.js';
import { fromResponse } from '../../src/transport/fetch.js';
import type { Transport, TransportResponse } from '../../src/transport/port.js';
import { send } from '../../src/transport/send.js';
import { sizeLimits } from '../../src/transport/size-limits.js';
import { DEFAULT_TIMEOUTS, type Limits } from '../../src/transport/timeouts.js';
import { bytesOf, splitsInTwo } from '../support/chunks.js';

const REQUEST = {
  method: 'POST',
  url: 'http://api.test/v1/messages',
  headers: {},
  body: '{}',
} as const;

/** One exchange over a transport that is made up. */
function setup(transport: Transport, limits: Partial<Limits> = {}) {
  const clock = new ManualClock();
  const controller = new AbortController();
  const deadline = new Deadline({ ...DEFAULT_TIMEOUTS, ...limits }, clock, (error) =>
    controller.abort(error),
  );
  const attempt = { deadline, signal: controller.signal };
  const observed: Report[] = [];
  const report = (observation: Report): void => void observed.push(observation);
  const sent = send({ transport, report, clock }, REQUEST, attempt);
  sent.catch(() => {});
  return { clock, controller, attempt, observed, sent };
}

const answer =
  (body: ConstructorParameters<typeof Response>[0], init: ResponseInit): Transport =>
  async () =>
    fromResponse(new Response(body, init));

type Pull = (controller: ReadableStreamDefaultController<Uint8Array>) => void;

/** A body whose pieces are made one by one. */
const body = (...pulls: Pull[]): ReadableStream<Uint8Array> =>
  new ReadableStream({ pull: (controller) => pulls.shift()?.(controller) }, { highWaterMark: 0 });

const piece =
  (text: string): Pull =>
  (controller) =>
    controller.enqueue(bytesOf(text));
const failure: Pull = (controller) => controller.error(new Error('reset'));

describe('a good status', () => {
  it('gives the response, and is observed', async () => {
    const headers = { 'request-id': 'req_1' };
    let resolve = (_: TransportResponse): void => {};
    const { clock, observed, sent } = setup(
      () =>
        new Promise((settle) => {
          resolve = settle;
        }),
    );
    await clock.advance(40);
    resolve(fromResponse(new Response('hello', { status: 201, headers })));
    const { head } = await sent;
    expect([head.status, head.header('request-id')]).toEqual([201, 'req_1']);
    expect(observed).toEqual([
      {
        ...{ type: 'request', method: 'POST', url: 'http://api.test/v1/messages' },
        timeouts: DEFAULT_TIMEOUTS,
      },
      { type: 'response', status: 201, requestId: 'req_1', ms: 40 },
    ]);
  });

  it('gives its text, whatever the chunks', async () => {
    for (const [first, second] of splitsInTwo(bytesOf('é語🌊'))) {
      const pieces = [first, second].map(
        (bytes): Pull =>
          (controller) =>
            controller.enqueue(bytes),
      );
      const { attempt, sent } = setup(
        answer(
          body(...pieces, (controller) => controller.close()),
          {},
        ),
      );
      expect(await bodyText((await sent).body, attempt, sizeLimits({}))).toBe('é語🌊');
    }
  });
});

describe('a bad status is an error', () => {
  const said = { type: 'error', error: { type: 'overloaded_error', message: 'busy' } };
  const init = { status: 529, headers: { 'request-id': 'req_1', 'retry-after': '7' } };

  it('with what the body says', async () => {
    const error: APIStatusError = await setup(answer(JSON.stringify(said), init)).sent.catch(
      (e) => e,
    );
    expect(error).toBeInstanceOf(OverloadedError);
    expect(error.message).toBe('HTTP 529 overloaded_error: busy (request req_1)');
    expect(error).toMatchObject({ status: 529, type: 'overloaded_error', body: said });
    expect(error.headers?.get('retry-after')).toBe('7');
  });

  it.each<[what: string, body: ConstructorParameters<typeof Response>[0], message: string]>([
    ['no body', null, 'HTTP 400'],
    ['text', 'nope', 'HTTP 400 nope'],
    [
      'a body that breaks',
      body(piece('as much as '), piece('came'), failure),
      'HTTP 400 as much as came',
    ],
  ])('with %s', async (_, content, message) => {
    const error = await setup(answer(content, { status: 400 })).sent.catch((e) => e);
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error.message).toBe(message);
  });

  it('with a body that never ends: 100,000 characters of it are enough', async () => {
    let pieces = 0;
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => {
        pieces++;
        controller.enqueue(bytesOf('x'.repeat(10_000)));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    const error = await setup(answer(endless, { status: 400 })).sent.catch((e) => e);
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error.body.length).toBe(100_000);
    expect(cancelled).toBe(true);
    expect(pieces).toBeLessThan(30);
  });

  it('with a body that stops coming, once the idle clock has run out', async () => {
    const { clock, sent } = setup(
      answer(
        body(piece('half'), () => {}),
        { status: 400 },
      ),
      { idle: 50 },
    );
    await clock.advance(0);
    await clock.advance(50);
    const error = await sent.catch((e) => e);
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error.message).toBe('HTTP 400 half');
  });

  it('unless the caller has had enough', async () => {
    const { clock, controller, sent } = setup(
      answer(
        body(piece('half'), (c) => void stuck.push(c)),
        { status: 400 },
      ),
    );
    const stuck: ReadableStreamDefaultController[] = [];
    await clock.advance(1);
    const reason = new APIUserAbortError();
    controller.abort(reason);
    stuck[0]?.error(new Error('aborted'));
    await expect(sent).rejects.toBe(reason);
  });
});

it('the response clock runs until the headers are there', async () => {
  const { clock, controller, sent } = setup(() => new Promise(() => {}), { response: 50 });
  await clock.advance(50);
  const error = await sent.catch((e) => e);
  expect(error).toBeInstanceOf(APITimeoutError);
  expect(error.phase).toBe('response');
  expect(controller.signal.reason).toBe(error);
});
