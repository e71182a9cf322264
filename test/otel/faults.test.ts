import { SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { CELLS, expectedOf, IMPOSSIBLE } from '../faults/expected.js';
import { faultyServer, NOWHERE } from '../faults/faulty-server.js';
import { TRANSPORTS } from '../faults/setting.js';
import { VirtualTime } from '../faults/virtual-time.js';
import { PARAMS } from '../stream/support.js';
import { callSpan, sdk, watch } from './support.js';

const LIMITS = { response: 600_000, idle: 180_000, stall: 240_000 };
const possible = CELLS.filter(({ stated }) => stated !== undefined && !IMPOSSIBLE.test(stated));

describe('each fault ends the span of its call once', () => {
  it.each(possible)('$place, $fault: $stated', async (cell) => {
    await using made = sdk();
    using time = new VirtualTime();
    await using server = await faultyServer(cell, time);
    const isNowhere = cell.place === 'no connect' && cell.fault === 'silence';
    const client = new Anthropic({
      ...{ apiKey: 'key', baseURL: server.url, timeout: LIMITS, clock: time.clock },
      ...(isNowhere ? NOWHERE : TRANSPORTS)['node:http'],
    });
    watch(client, made);
    await time.pass(
      client.messages
        .stream(PARAMS)
        .untilDone()
        .catch(() => {}),
    );
    await time.pass(server.left());
    const { requests, error } = expectedOf(cell);
    const spans = made.spans();
    const { status, attributes } = callSpan(spans);
    expect(spans).toHaveLength(1 + requests);
    expect(status).toEqual({
      code: error === undefined ? SpanStatusCode.UNSET : SpanStatusCode.ERROR,
    });
    expect(attributes['error.type']).toBe(error?.name);
    expect(attributes['millrace.outcome']).toBe(outcomeOf(error));
    expect(attributes['millrace.attempts']).toBe(requests);
    const [duration] = await made.points('gen_ai.client.operation.duration');
    expect(duration?.value).toMatchObject({ count: 1 });
    expect(duration?.attributes['error.type']).toBe(error?.name);
    expect((await made.points('millrace.client.active_streams'))[0]?.value).toBe(0);
  });
});

function outcomeOf(error: { name: string; phase?: string } | undefined): string {
  if (error === undefined) return 'complete';
  if (error.name === 'StreamTruncatedError') return 'truncated';
  return ['idle', 'stall', 'total'].find((phase) => phase === error.phase) ?? 'failed';
}

it.each([
  ['break', 'closed'],
  ['close()', 'closed'],
  ['a signal', 'closed'],
  ['total', 'total'],
] as const)('%s: %s', async (how, outcome) => {
  await using made = sdk();
  using time = new VirtualTime();
  const cell = { place: 'in text', fault: 'silence', stated: '' } as const;
  await using server = await faultyServer(cell, time);
  const timeout = { ...LIMITS, ...(how === 'total' && { total: 1_000 }) };
  const client = new Anthropic({
    ...{ apiKey: 'key', baseURL: server.url, timeout, clock: time.clock },
    ...TRANSPORTS['node:http'],
  });
  watch(client, made);
  const abort = new AbortController();
  const stream = client.messages.stream(PARAMS, { signal: abort.signal });
  const read = async (): Promise<void> => {
    for await (const _ of stream) {
      if (how === 'break') break;
      if (how === 'close()') stream.close();
      if (how === 'a signal') abort.abort();
    }
  };
  await time.pass(read().catch(() => {}));
  const { status, attributes } = callSpan(made.spans());
  expect(attributes['millrace.outcome']).toBe(outcome);
  expect(status.code).toBe(outcome === 'closed' ? SpanStatusCode.UNSET : SpanStatusCode.ERROR);
  expect(attributes['error.type']).toBe(outcome === 'closed' ? undefined : 'APITimeoutError');
});
