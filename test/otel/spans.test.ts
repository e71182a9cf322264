import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { instrument } from '../../src/otel/index.js';
import { fault, reply } from '../../src/testing/index.js';
import { tool } from '../../src/tools/tool.js';
import { PARAMS } from '../stream/support.js';
import { callSpan, instrumented, sdk } from './support.js';

const idOf = (span: { spanContext(): { spanId: string } } | undefined): string | undefined =>
  span?.spanContext().spanId;

it('a call is one span, from the first need to the end of reading', async () => {
  await using made = sdk();
  const client = instrumented(made, [reply.text('Hello', { usage: { input_tokens: 7 } })]);
  const params = { ...PARAMS, stop_sequences: ['###'] };
  const stream = client.messages.stream(params);
  expect(made.spans()).toEqual([]);
  const { usage, id, model } = await stream.getFinalMessage();
  const span = callSpan(made.spans());
  expect(span).toMatchObject({ name: 'chat claude-test', kind: SpanKind.CLIENT });
  expect(span.status.code).toBe(SpanStatusCode.UNSET);
  expect(span.attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'claude-test',
    'gen_ai.request.max_tokens': 1000,
    'gen_ai.request.stop_sequences': ['###'],
    'gen_ai.request.stream': true,
    'gen_ai.response.id': id,
    'gen_ai.response.model': model,
    'gen_ai.response.finish_reasons': ['stop'],
    'anthropic.message.stop_reason': 'end_turn',
    'gen_ai.response.time_to_first_chunk': expect.any(Number),
    'gen_ai.usage.input_tokens':
      usage.input_tokens +
      (usage.cache_read_input_tokens ?? 0) +
      (usage.cache_creation_input_tokens ?? 0),
    'gen_ai.usage.output_tokens': usage.output_tokens,
    'gen_ai.usage.cache_read.input_tokens': expect.any(Number),
    'gen_ai.usage.cache_creation.input_tokens': expect.any(Number),
    'server.address': 'api.anthropic.com',
    'server.port': 443,
    'millrace.attempts': 1,
    'millrace.recoveries': 0,
    'millrace.longest_gap': expect.any(Number),
    'millrace.outcome': 'complete',
  });
});

it('2 retries and 1 recovery are 1 + 4 spans', async () => {
  await using made = sdk();
  const broken = reply.faulty(reply.text('Hello world'), fault.cut({ phase: 'text' }));
  const replies = [reply.error(529, 'no'), reply.error(500, 'no'), broken, reply.text('!')];
  const client = instrumented(made, replies);
  await client.messages.stream(PARAMS, { recover: true }).untilDone();
  const spans = made.spans();
  expect(spans).toHaveLength(5);
  const call = callSpan(spans);
  expect(call.attributes).toMatchObject({ 'millrace.attempts': 4, 'millrace.recoveries': 1 });
  expect(call.events.map(({ name, attributes }) => [name, attributes?.['error.type']])).toEqual([
    ['millrace.retry', 'OverloadedError'],
    ['millrace.retry', 'InternalServerError'],
    ['millrace.recover', 'StreamTruncatedError'],
  ]);
  const attempts = spans.filter((span) => span !== call);
  expect(attempts.every(({ parentSpanContext }) => parentSpanContext?.spanId === idOf(call))).toBe(
    true,
  );
  expect(
    attempts.map(({ attributes: of, status }) => [
      of['http.response.status_code'],
      of['http.request.resend_count'],
      of['error.type'],
      typeof of['millrace.delay'],
      status.code,
    ]),
  ).toEqual([
    [529, undefined, 'OverloadedError', 'undefined', SpanStatusCode.ERROR],
    [500, 1, 'InternalServerError', 'number', SpanStatusCode.ERROR],
    [200, 2, 'StreamTruncatedError', 'number', SpanStatusCode.ERROR],
    [200, 3, undefined, 'undefined', SpanStatusCode.UNSET],
  ]);
  expect(attempts.at(-1)?.attributes['anthropic.request_id']).toMatch(/^req_/);
});

it('a run is the parent of its calls and tools, and tools run inside their spans', async () => {
  await using made = sdk();
  const client = instrumented(made, [reply.toolUse('look', { at: 'x' }), reply.text('Done')]);
  const tracer = made.tracerProvider.getTracer('app');
  const look = tool({
    name: 'look',
    input: { type: 'object', properties: { at: { type: 'string' } } },
    run: () => {
      tracer.startSpan('inside').end();
      return 'seen';
    },
  });
  const outer = tracer.startSpan('outer');
  const runner = context.with(trace.setSpan(context.active(), outer), () =>
    client.messages.toolRunner({ ...PARAMS, tools: [look] }),
  );
  await runner.getFinalMessage();
  outer.end();
  const spans = made.spans();
  const named = (name: string) => spans.filter((span) => span.name === name);
  const [run] = named('invoke_agent');
  const [called] = named('execute_tool look');
  const parentOf = (name: string) => named(name).map((it) => it.parentSpanContext?.spanId);
  expect(parentOf('invoke_agent')).toEqual([idOf(outer)]);
  expect(parentOf('chat claude-test')).toEqual([idOf(run), idOf(run)]);
  expect(parentOf('execute_tool look')).toEqual([idOf(run)]);
  expect(parentOf('inside')).toEqual([idOf(called)]);
  expect(run?.attributes).toMatchObject({ 'millrace.turns': 2 });
  expect(called?.attributes).toMatchObject({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'look',
    'gen_ai.tool.call.id': expect.stringMatching(/^toolu_/),
  });
});

it('a tool that fails is an error of its span alone', async () => {
  await using made = sdk();
  const client = instrumented(made, [reply.toolUse('look', {}), reply.text('Done')]);
  const look = tool({
    name: 'look',
    input: { type: 'object' },
    run: () => {
      throw new Error('no');
    },
  });
  await client.messages.toolRunner({ ...PARAMS, tools: [look] }).getFinalMessage();
  const failed = made.spans().filter(({ status }) => status.code === SpanStatusCode.ERROR);
  expect(failed.map(({ name, attributes }) => [name, attributes['error.type']])).toEqual([
    ['execute_tool look', 'tool_error'],
  ]);
});

it('the context is that of the call, not of its reader', async () => {
  await using made = sdk();
  const client = instrumented(made, [reply.text('Hello')]);
  const tracer = made.tracerProvider.getTracer('app');
  const [calling, reading] = [tracer.startSpan('calling'), tracer.startSpan('reading')];
  const within = <T>(span: typeof calling, work: () => T): T =>
    context.with(trace.setSpan(context.active(), span), work);
  const stream = within(calling, () => client.messages.stream(PARAMS));
  await within(reading, () => stream.untilDone());
  expect(callSpan(made.spans()).parentSpanContext?.spanId).toBe(idOf(calling));
});

it.each([
  ['create', 'chat claude-test'],
  ['create({ stream })', 'chat claude-test'],
  ['countTokens', 'count_tokens claude-test'],
])('%s is a call, too', async (how, name) => {
  await using made = sdk();
  const client = instrumented(made, [reply.text('Hello')]);
  const { max_tokens: _, ...counted } = PARAMS;
  if (how === 'create') await client.messages.create(PARAMS);
  else if (how === 'countTokens') await client.messages.countTokens(counted);
  else {
    for await (const _ of await client.messages.create({ ...PARAMS, stream: true }));
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect(made.spans().map((span) => span.name)).toEqual(['POST', name]);
  expect(made.spans().at(-1)?.attributes).toMatchObject({ 'millrace.outcome': 'complete' });
});

it('attempts: false leaves the spans of requests out', async () => {
  await using made = sdk();
  const client = instrumented(made, [reply.text('Hello')], { attempts: false });
  await client.messages.stream(PARAMS).untilDone();
  expect(made.spans().map(({ name }) => name)).toEqual(['chat claude-test']);
});

it('without a client all clients are instrumented, until it is switched off', async () => {
  await using made = sdk();
  const client = instrumented({ ...made }, [reply.text('a'), reply.text('b'), reply.text('c')]);
  const other = client.withOptions({});
  await other.messages.stream(PARAMS).untilDone();
  expect(made.spans()).toEqual([]);
  const { tracerProvider, meterProvider } = made;
  const off = instrument(undefined, { tracerProvider, meterProvider, attempts: true });
  const open = other.messages.stream(PARAMS);
  await open.connect();
  off();
  await other.messages.stream(PARAMS).untilDone();
  await open.untilDone();
  expect(made.spans().map(({ name }) => name)).toEqual(['POST', 'chat claude-test']);
});

it.each([
  [[{ messages: {} }], /instrument needs an Anthropic or SyncAnthropic of millrace/],
  [[undefined, { attempts: 'yes' }], /attempts is "yes": pass true, false or 'auto'/],
  [[undefined, { tracerProvider: {} }], /tracerProvider is an object: pass a TracerProvider/],
  [[undefined, { contents: true }], /unknown option 'contents'.*content/],
] as const)('%j is refused', (given, message) => {
  expect(() => instrument(...(given as unknown as Parameters<typeof instrument>))).toThrow(message);
});
