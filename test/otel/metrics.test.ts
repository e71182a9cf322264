import { expect, it, vi } from 'vitest';
import { fault, reply } from '../../src/testing/index.js';
import { PARAMS } from '../stream/support.js';
import { instrumented, sdk } from './support.js';

const CALL = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'anthropic',
  'gen_ai.request.model': 'claude-test',
  'server.address': 'api.anthropic.com',
  'server.port': 443,
};

it('a call is measured, in the units and buckets of the conventions', async () => {
  await using made = sdk();
  const client = instrumented(made, [reply.text('Hello')]);
  const { usage, model } = await client.messages.stream(PARAMS).getFinalMessage();
  const answered = { ...CALL, 'gen_ai.response.model': model };
  const [duration] = await made.points('gen_ai.client.operation.duration');
  expect(duration).toMatchObject({
    attributes: answered,
    value: { count: 1, buckets: { boundaries: expect.arrayContaining([0.01, 81.92]) } },
  });
  const [first] = await made.points('gen_ai.client.operation.time_to_first_chunk');
  expect(first).toMatchObject({ attributes: answered, value: { count: 1 } });
  const tokens = await made.points('gen_ai.client.token.usage');
  const input =
    usage.input_tokens +
    (usage.cache_read_input_tokens ?? 0) +
    (usage.cache_creation_input_tokens ?? 0);
  expect(tokens.map((it) => [it.attributes['gen_ai.token.type'], it.value])).toEqual([
    ['input', expect.objectContaining({ count: 1, sum: input })],
    ['output', expect.objectContaining({ count: 1, sum: usage.output_tokens })],
  ]);
});

it('retries, recoveries and calls under way are counted', async () => {
  await using made = sdk();
  const broken = reply.faulty(reply.text('Hello world'), fault.cut({ phase: 'text' }));
  const client = instrumented(made, [reply.error(529, 'no'), broken, reply.text('!')]);
  const stream = client.messages.stream(PARAMS, { recover: true });
  await stream.connect();
  expect(await made.points('millrace.client.active_streams')).toMatchObject([
    { attributes: CALL, value: 1 },
  ]);
  await stream.untilDone();
  expect(await made.points('millrace.client.active_streams')).toMatchObject([{ value: 0 }]);
  expect(await made.points('millrace.client.retries')).toMatchObject([{ value: 1 }]);
  expect(await made.points('millrace.client.recoveries')).toMatchObject([{ value: 1 }]);
});

it('chunks are measured only where that is asked for', async () => {
  await using made = sdk();
  const name = 'gen_ai.client.operation.time_per_output_chunk';
  await instrumented(made, [reply.text('One, two, three')])
    .messages.stream(PARAMS)
    .untilDone();
  expect(await made.points(name)).toEqual([]);
  const client = instrumented(made, [reply.text('One, two, three')], { perChunk: true });
  let deltas = 0;
  for await (const { type } of client.messages.stream(PARAMS)) {
    if (type === 'content_block_delta') deltas++;
  }
  expect(deltas).toBeGreaterThan(1);
  // The block's start is the first chunk.
  expect(await made.points(name)).toMatchObject([{ value: { count: deltas } }]);
});

it('countTokens uses no tokens', async () => {
  await using made = sdk();
  const { max_tokens: _, ...counted } = PARAMS;
  await instrumented(made, []).messages.countTokens(counted);
  const [duration] = await made.points('gen_ai.client.operation.duration');
  expect(duration?.attributes['gen_ai.operation.name']).toBe('count_tokens');
  expect(await made.points('gen_ai.client.token.usage')).toEqual([]);
});

it.each([
  [{ conventions: 'latest' }, {}],
  [{}, { OTEL_SEMCONV_STABILITY_OPT_IN: 'http, gen_ai_latest_experimental' }],
] as const)('%j with %j has the latest names', async (options, variables) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  try {
    await using made = sdk();
    const client = instrumented(made, [reply.text('Hello')], options);
    await client.messages.stream(PARAMS).untilDone();
    expect(await made.metricNames()).toEqual(
      expect.arrayContaining([
        'gen_ai.client.inference.duration',
        'gen_ai.client.inference.time_to_first_chunk',
        'gen_ai.client.inference.usage.input_tokens',
        'gen_ai.client.inference.usage.output_tokens',
        'gen_ai.client.inference.operation.output_tokens',
      ]),
    );
    const { attributes } = made.spans().at(-1) ?? {};
    expect(attributes).toHaveProperty(['gen_ai.usage.cache_write.input_tokens']);
    expect(attributes).not.toHaveProperty(['gen_ai.usage.cache_creation.input_tokens']);
  } finally {
    vi.unstubAllEnvs();
  }
});
