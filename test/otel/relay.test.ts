import { channel } from 'node:diagnostics_channel';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { expect, it } from 'vitest';
import type { Engine } from '../../src/relay/engine.js';
import { memoryEngine } from '../../src/relay/memory-engine.js';
import { createRelay, type Relay } from '../../src/relay/relay.js';
import { fault, type Reply, reply } from '../../src/testing/index.js';
import type { ToolRunner } from '../../src/tools/tool-runner.js';
import { PARAMS } from '../stream/support.js';
import { instrumented, type Sdk, sdk } from './support.js';

const HELLO = reply.text('Hello');
const CUT = reply.faulty(reply.text('Hello world'), fault.cut({ event: 4 }));
const STALLED = reply.faulty(reply.text('Hello world'), fault.stall({ event: 4 }));

const idOf = (span: ReadableSpan | undefined): string | undefined => span?.spanContext().spanId;
const linksOf = ({ links }: ReadableSpan): string[] => links.map(({ context }) => context.spanId);

/** Resolves when so many turns of producers, and readers, have ended. */
function ended(producers: number, followers: number): Promise<void> {
  return new Promise((resolve) => {
    const left = { relay: producers, follow: followers };
    const ears = (['relay', 'follow'] as const).map((kind) => {
      const ends = channel(`tracing:millrace:${kind}:asyncEnd`);
      const count = (): void => {
        left[kind]--;
        if (left.relay > 0 || left.follow > 0) return;
        for (const { ends, count } of ears) ends.unsubscribe(count);
        resolve();
      };
      ends.subscribe(count);
      return { ends, count };
    });
  });
}

/** A relay whose client is instrumented. */
function relayOf(made: Sdk, replies: readonly Reply[], engine: Engine, lease = 10_000): Relay {
  const client = instrumented(made, replies, {}, { maxRetries: 0 });
  return createRelay({ client, engine, lease });
}

const named = (made: Sdk, name: string): ReadableSpan[] =>
  made.spans().filter((span) => span.name === name);

it('a producer is the parent of its call, and each reader is linked to it', async () => {
  await using made = sdk();
  const relay = relayOf(made, [HELLO], memoryEngine());
  const tracer = made.tracerProvider.getTracer('app');
  const [asking, reading] = [tracer.startSpan('asking'), tracer.startSpan('reading')];
  const within = <T>(span: typeof asking, work: () => T): T =>
    context.with(trace.setSpan(context.active(), span), work);
  const all = ended(1, 2);
  const stream = await within(asking, () => relay.start('secret id', PARAMS));
  await stream.untilDone();
  await within(reading, () => relay.follow('secret id')).untilDone();
  await all;
  const [[produced], [call], followed] = [
    named(made, 'relay produce'),
    named(made, 'chat claude-test'),
    named(made, 'relay follow'),
  ];
  expect(produced).toMatchObject({ kind: SpanKind.PRODUCER, links: [] });
  expect(produced?.parentSpanContext?.spanId).toBe(idOf(asking as never));
  expect(produced?.attributes).toEqual({
    'millrace.relay.epoch': 1,
    'millrace.outcome': 'complete',
    'anthropic.request_id': expect.stringMatching(/^req_/),
  });
  expect(call?.parentSpanContext?.spanId).toBe(idOf(produced));
  expect(followed.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([
    idOf(asking as never),
    idOf(reading as never),
  ]);
  for (const span of followed) {
    expect(span.kind).toBe(SpanKind.CONSUMER);
    expect(span.attributes).toEqual({ 'millrace.outcome': 'complete' });
    expect(linksOf(span)).toEqual([idOf(produced)]);
  }
  expect(
    JSON.stringify(made.spans().map(({ name, attributes }) => [name, attributes])),
  ).not.toContain('secret id');
});

type Ending = readonly [outcome: string, error?: string];

// biome-ignore format: a table
const ENDINGS: readonly [how: string, replies: readonly Reply[], produced: Ending, followed: Ending, end?: (relay: Relay, engine: Engine) => unknown][] = [
  ['complete', [HELLO], ['complete'], ['complete']],
  ['failed', [CUT], ['truncated', 'StreamTruncatedError'], ['truncated', 'StreamTruncatedError']],
  ['refused', [reply.error(529, 'no')], ['failed', 'OverloadedError'], ['failed', 'OverloadedError']],
  ['stopped', [STALLED], ['closed'], ['closed'], (relay) => relay.stop('id', 'enough')],
  ['gone', [STALLED], ['failed', 'NotFoundError'], ['failed', 'NotFoundError'], (_, engine) => engine.remove('id')],
];

it.each(ENDINGS)('%s: one end for the producer, and one for the reader', async (...row) => {
  const [, replies, produced, followed, end] = row;
  await using made = sdk();
  const engine = memoryEngine();
  const relay = relayOf(made, replies, engine, 60);
  const all = ended(1, 1);
  const stream = await relay.start('id', PARAMS);
  const read = stream.untilDone().catch(() => {});
  if (end !== undefined) {
    await stream.connect();
    await end(relay, engine);
  }
  await read;
  await all;
  const spans = [...named(made, 'relay produce'), ...named(made, 'relay follow')];
  expect(
    spans.map(({ attributes }) => [attributes['millrace.outcome'], attributes['error.type']]),
  ).toEqual([produced, followed].map(([outcome, error]) => [outcome, error]));
  expect(spans.map(({ status }) => status.code)).toEqual(
    [produced, followed].map(([, error]) =>
      error === undefined ? SpanStatusCode.UNSET : SpanStatusCode.ERROR,
    ),
  );
});

it('a takeover is a root with a link to the producer before, and its readers have both', async () => {
  await using made = sdk();
  const engine = memoryEngine();
  const [old, next] = [relayOf(made, [STALLED], engine), relayOf(made, [HELLO], engine)];
  const all = ended(2, 2);
  const first = await old.start('id', PARAMS);
  await first.connect();
  const other = next.follow('id');
  const read = Promise.all([first.untilDone(), other.untilDone()]);
  await other.connect();
  // What is active where the handover is noticed is no parent of the takeover.
  const draining = made.tracerProvider.getTracer('app').startSpan('draining');
  await context.with(trace.setSpan(context.active(), draining), () => old.drain());
  await read;
  await all;
  const [before, after, ...more] = named(made, 'relay produce');
  expect(more).toEqual([]);
  expect(before?.attributes).toMatchObject({
    'millrace.relay.epoch': 1,
    'millrace.outcome': 'closed',
  });
  expect(after?.attributes).toMatchObject({
    'millrace.relay.epoch': 2,
    'millrace.outcome': 'complete',
  });
  expect(after?.parentSpanContext).toBeUndefined();
  expect(after && linksOf(after)).toEqual([idOf(before)]);
  const calls = named(made, 'chat claude-test').map(({ parentSpanContext }) => parentSpanContext);
  expect(calls.map((parent) => parent?.spanId)).toEqual([idOf(before), idOf(after)]);
  for (const followed of named(made, 'relay follow')) {
    expect(followed.attributes['millrace.outcome']).toBe('complete');
    expect(linksOf(followed)).toEqual([idOf(before), idOf(after)]);
  }
});

it('a reader that leaves is closed, and the producer goes on', async () => {
  await using made = sdk();
  const relay = relayOf(made, [HELLO], memoryEngine());
  const all = ended(1, 1);
  const stream = await relay.start('id', PARAMS);
  for await (const _ of stream) break;
  stream.close();
  await all;
  expect(named(made, 'relay follow')[0]?.attributes).toEqual({ 'millrace.outcome': 'closed' });
  expect(named(made, 'relay produce')[0]?.attributes['millrace.outcome']).toBe('complete');
});

it.each([
  ['read to its end', 'complete'],
  ['left', 'closed'],
] as const)('a response that is %s is a reader, too: %s', async (how, outcome) => {
  await using made = sdk();
  const relay = relayOf(made, [HELLO], memoryEngine());
  const all = ended(1, 1);
  await relay.start('id', PARAMS);
  const { body } = await relay.handle(new Request('http://relay/'), 'id');
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  if (how === 'left') await reader.cancel();
  while (how !== 'left' && !(await reader.read()).done);
  await all;
  const [followed, ...more] = named(made, 'relay follow');
  expect(more).toEqual([]);
  expect(followed?.attributes).toEqual({ 'millrace.outcome': outcome });
  expect(followed && linksOf(followed)).toEqual([idOf(named(made, 'relay produce')[0])]);
});

it('a reader of a stream that is not there fails, and one that nothing reads is none', async () => {
  await using made = sdk();
  const relay = relayOf(made, [], memoryEngine());
  relay.follow('id').close();
  expect(made.spans()).toEqual([]);
  await expect(relay.follow('id').untilDone()).rejects.toThrow(/there is no stream/);
  expect(made.spans().map(({ name, attributes }) => [name, attributes['error.type']])).toEqual([
    ['relay follow', 'NotFoundError'],
  ]);
});

it('a run has a producer', async () => {
  await using made = sdk();
  const client = instrumented(made, [HELLO]);
  const relay = createRelay({ client });
  const all = ended(1, 1);
  const run = await relay.startRun('id', client.messages.toolRunner({ ...PARAMS, tools: [] }));
  await run.getFinalMessage();
  await all;
  const [produced] = named(made, 'relay produce');
  expect(produced?.attributes).toEqual({
    'millrace.relay.epoch': 1,
    'millrace.outcome': 'complete',
  });
  expect(named(made, 'relay follow').map(linksOf)).toEqual([[idOf(produced)]]);
});

it.each(['goes on', 'ends'])(
  'a run that is taken over and %s has a second producer',
  async (how) => {
    await using made = sdk();
    const engine = memoryEngine();
    const client = instrumented(made, [STALLED, HELLO], {}, { maxRetries: 0 });
    const runner = (): ToolRunner => client.messages.toolRunner({ ...PARAMS, tools: [] });
    const old = createRelay({ client, engine });
    const next = createRelay({
      client,
      engine,
      resumeRun: async () => {
        await Promise.resolve();
        if (how === 'ends') throw new Error('no database');
        return runner();
      },
    });
    const all = ended(2, 2);
    const first = await old.startRun('id', runner());
    const other = await next.followRun('id');
    const read = Promise.allSettled([first.untilDone(), other.untilDone()]);
    for await (const _ of other.textStream) break;
    await old.drain();
    await read;
    await all;
    const [before, after, ...more] = named(made, 'relay produce');
    expect(more).toEqual([]);
    expect(after?.attributes).toMatchObject({
      'millrace.relay.epoch': 2,
      'millrace.outcome': how === 'ends' ? 'failed' : 'complete',
    });
    expect(after && linksOf(after)).toEqual([idOf(before)]);
    const runs = named(made, 'invoke_agent');
    expect(runs.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
      how === 'ends' ? [undefined] : [undefined, idOf(after)],
    );
    for (const followed of named(made, 'relay follow')) {
      expect(linksOf(followed)).toEqual([idOf(before), idOf(after)]);
    }
  },
);

it('params that are refused, and a stream that is there already, have no producer', async () => {
  await using made = sdk();
  const relay = relayOf(made, [HELLO], memoryEngine());
  await expect(
    relay.start('id', { ...PARAMS, nope: 1 } as never, { nope: 1 } as never),
  ).rejects.toThrow();
  const all = ended(1, 2);
  const streams = [await relay.start('id', PARAMS), await relay.start('id', PARAMS)];
  await Promise.all(streams.map((stream) => stream.untilDone()));
  await all;
  expect(named(made, 'relay produce')).toHaveLength(1);
  expect(named(made, 'chat claude-test')).toHaveLength(1);
});

it('nothing is written to the log without propagation, or without a tracer', async () => {
  await using made = sdk();
  const entriesOf = async (traced: boolean): Promise<string> => {
    const engine = memoryEngine();
    const client = instrumented(made, [HELLO], { propagation: traced });
    const all = ended(1, 1);
    const stream = await createRelay({ client, engine }).start('id', PARAMS);
    await stream.untilDone();
    await all;
    return JSON.stringify(await engine.read('id', undefined, 100));
  };
  expect(await entriesOf(true)).toContain('traceparent');
  expect(await entriesOf(false)).not.toContain('traceparent');
  propagation.disable();
  expect(await entriesOf(true)).not.toContain('"note\\":\\"trace');
});
