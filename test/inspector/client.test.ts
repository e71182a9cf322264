import { mkdtempSync, readdirSync, readFileSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { Call } from '../../inspector/src/call/call.js';
import { discardsOf } from '../../inspector/src/call/discards.js';
import { Anthropic, type ClientOptions, tool } from '../../src/index.js';
import {
  createEmulator,
  fault,
  type Replies,
  replayRecordings,
  reply,
  serve,
} from '../../src/testing/index.js';
import { callsIn, told } from './derive.js';

const KEY = 'sk-ant-api03-canary';
const PARAMS = {
  model: 'claude-opus-4-8',
  max_tokens: 99,
  messages: [{ role: 'user' as const, content: 'How does a mill race work?' }],
};
const STORY = 'A mill race carries water along the bank to the wheel, nearly level.';

afterEach(() => vi.unstubAllEnvs());

/** The recordings in a folder once one of them has a line like this. */
function recordings(dir: string, line: RegExp): Promise<Record<string, string>> {
  const read = (): Record<string, string> =>
    Object.fromEntries(
      readdirSync(dir)
        .sort()
        .map((name) => [name, readFileSync(join(dir, name), 'utf8')]),
    );
  return new Promise((resolve) => {
    const look = (): void => {
      const files = read();
      if (!Object.values(files).some((text) => line.test(text))) return;
      watcher.close();
      resolve(files);
    };
    const watcher = watch(dir, look);
    look();
  });
}

/** Uses a client that records, over real sockets. */
async function inspected(
  replies: Replies,
  use: (client: Anthropic) => Promise<unknown>,
  options: ClientOptions = {},
): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-'));
  vi.stubEnv('MILLRACE_INSPECT', dir);
  await using server = await serve(createEmulator({ replies }));
  const client = new Anthropic({ apiKey: KEY, baseURL: server.url, ...options });
  await use(client);
  return dir;
}

it('records a retry and the answer as one call, without the key', async () => {
  const overloaded = reply.error('overloaded_error', 'no', { headers: { 'retry-after': '0' } });
  const dir = await inspected([overloaded, reply.text(STORY)], (client) =>
    client.messages.stream(PARAMS).getFinalMessage(),
  );
  const files = await recordings(dir, /"call":/);
  expect(Object.keys(files)).toHaveLength(2);
  expect(Object.values(files).join('')).not.toMatch(/canary/);
  const [call, ...more] = callsIn(files);
  expect(more).toEqual([]);
  expect(call && told(call).sentence).toMatch(
    /^First token after .*; 1 retry after OverloadedError; complete after .* \(end_turn\)\.$/,
  );
  expect(call?.last.message?.content).toEqual([{ type: 'text', text: STORY }]);
  expect(call?.first.sent).toMatchObject({ attempt: 1, timeouts: { idle: 180_000 } });
  // A recording of the emulator's format: it can be replayed.
  const { fetch } = await replayRecordings({ dir });
  const again = new Anthropic({ apiKey: KEY, fetch, inspect: false });
  expect((await again.messages.stream(PARAMS).getFinalMessage()).content).toMatchObject([
    { text: STORY },
  ]);
});

it('records a recovery, and what ended a call', async () => {
  const cut = reply.faulty(reply.text(STORY), fault.cut({ event: 6 }));
  const dir = await inspected([cut, reply.text(STORY)], (client) =>
    client.messages.stream(PARAMS, { recover: true }).getFinalMessage(),
  );
  const [call] = callsIn(await recordings(dir, /"call":/));
  expect(call && told(call).sentence).toMatch(/1 recovery after StreamTruncatedError; complete/);
  const silent = reply.faulty(reply.text(STORY), fault.stall({ event: 6 }));
  const failed = await inspected(
    [silent],
    (client) =>
      client.messages
        .stream(PARAMS, { timeout: { idle: 30 } })
        .getFinalMessage()
        .catch(() => {}),
    { timeout: { idle: 60_000 }, maxRetries: 0 },
  );
  const [ended] = callsIn(await recordings(failed, /"call":/));
  expect(ended && told(ended).facts.outcome).toBe('APITimeoutError');
  expect(ended?.last.sent?.timeouts).toMatchObject({ response: 600_000, idle: 30 });
});

it('records a recovery that discards a block', async () => {
  const look = reply.toolUse('look', { at: 'the sluice and the wheel' });
  const cut = reply.faulty(
    reply.sequence(reply.text(STORY), look),
    fault.cut({ phase: 'tool_input' }),
  );
  const dir = await inspected([cut, look], (client) =>
    client.messages.stream(PARAMS, { recover: true }).getFinalMessage(),
  );
  const [call] = callsIn(await recordings(dir, /"call":/)) as [Call];
  const [text, discarded] = call.first.blocks;
  expect([text?.label, discarded?.label]).toEqual(['text', 'look']);
  expect([...discardsOf(call).keys()]).toEqual([discarded]);
  expect(told(call).sentence).toMatch(/, which discarded 1 block; complete/);
});

it('records the turns of a run, and its tools', async () => {
  const weather = tool({
    name: 'get_weather',
    description: 'The weather of a city',
    input: { type: 'object', properties: { city: { type: 'string' } } },
    run: () => 'sunny',
  });
  const calling = reply.toolUse('get_weather', { city: 'Lyon' });
  const dir = await inspected([calling, reply.text(STORY)], async (client) => {
    await client.messages.toolRunner({ ...PARAMS, tools: [weather] }).getFinalMessage();
  });
  const calls = callsIn(await recordings(dir, /"run":/));
  expect(calls.map(({ first }) => first.sent?.turn)).toEqual([1, 2]);
  expect(new Set(calls.map(({ runId }) => runId)).size).toBe(1);
  const notes = calls.flatMap(({ attempts }) => attempts.flatMap(({ notes }) => notes));
  expect(notes).toContainEqual(
    expect.objectContaining({
      name: 'tool',
      value: expect.objectContaining({ name: 'get_weather', isError: false }),
    }),
  );
  expect(notes).toContainEqual(
    expect.objectContaining({ name: 'run', value: expect.objectContaining({ turns: 2 }) }),
  );
});

it('records nothing unless it is asked to, and loses no request where it cannot write', async () => {
  const dir = await inspected(
    [reply.text(STORY)],
    (client) => client.messages.stream(PARAMS).untilDone(),
    {
      inspect: false,
    },
  );
  expect(readdirSync(dir)).toEqual([]);
  vi.stubEnv('MILLRACE_INSPECT', join(import.meta.filename, 'no-folder'));
  const { fetch } = createEmulator({ replies: [reply.text(STORY)] });
  const client = new Anthropic({ apiKey: KEY, fetch });
  expect(await client.messages.stream(PARAMS).getFinalText()).toBe(STORY);
});
