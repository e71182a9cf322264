import { channel } from 'node:diagnostics_channel';
import { expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import type { InstrumentOptions } from '../../src/otel/index.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import { HASTY, PARAMS } from '../stream/support.js';
import { type Sdk, sdk, watch } from './support.js';

/** The `traceparent` of each request of a stream that is retried once. */
async function sent(
  made: Sdk,
  options: InstrumentOptions,
  headers: Record<string, string> = {},
): Promise<(string | null)[]> {
  const emulator = createEmulator({ replies: [reply.error(529, 'no'), reply.text('Hello')] });
  const seen: (string | null)[] = [];
  const fetch = (url: string, init: RequestInit): Promise<Response> => {
    seen.push(new Headers(init.headers).get('traceparent'));
    return emulator.fetch(url, init);
  };
  const client = new Anthropic({ apiKey: 'key', fetch, clock: HASTY });
  watch(client, made, options);
  await client.messages.stream(PARAMS, { extraHeaders: headers }).untilDone();
  return seen;
}

it('each request carries the context of its own span', async () => {
  await using made = sdk();
  const seen = await sent(made, {});
  const attempts = made.spans().filter(({ name }) => name === 'POST');
  expect(seen).toEqual(
    attempts.map((span) => `00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`),
  );
  expect(new Set(seen).size).toBe(2);
});

it('without attempts it is that of the call', async () => {
  await using made = sdk();
  const seen = await sent(made, { attempts: false });
  const [call] = made.spans();
  expect(seen[0]).toContain(call?.spanContext().spanId);
  expect(seen[1]).toBe(seen[0]);
});

it("propagation: false adds none, and the caller's own header stays", async () => {
  await using made = sdk();
  expect(await sent(made, { propagation: false })).toEqual([null, null]);
  expect(await sent(made, {}, { traceparent: 'mine' })).toEqual(['mine', 'mine']);
});

it("attempts: 'auto' leaves requests to an instrumentation of fetch", async () => {
  await using made = sdk();
  expect((await sent(made, { attempts: 'auto' })).every((it) => it !== null)).toBe(true);
  expect(made.spans().map(({ name }) => name)).toEqual(['POST', 'POST', 'chat claude-test']);
  const instrumentation = (): void => {};
  channel('undici:request:create').subscribe(instrumentation);
  try {
    expect(await sent(made, { attempts: 'auto' })).toEqual([null, null]);
  } finally {
    channel('undici:request:create').unsubscribe(instrumentation);
  }
  expect(
    made
      .spans()
      .slice(3)
      .map(({ name }) => name),
  ).toEqual(['chat claude-test']);
});
