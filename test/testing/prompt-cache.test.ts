import { expect, it } from 'vitest';
import { createEmulator, manualClock, reply } from '../../src/testing/index.js';
import type { Usage } from '../../src/wire/usage.js';
import { ask } from './ask.js';

const LONG = 'word '.repeat(1600);
const ephemeral = (ttl: '5m' | '1h' = '5m'): object => ({
  cache_control: { type: 'ephemeral', ttl },
});
const text = (text: string, more: object = {}): object => ({ type: 'text', text, ...more });
const user = (...content: object[]): object => ({ role: 'user', content });

/** What each of some requests to one emulator wrote to the cache and read from it. */
async function uses(...requests: object[]): Promise<number[][]> {
  const clock = manualClock();
  const emulator = createEmulator({ replies: () => reply.text('Hi'), clock });
  const used: number[][] = [];
  for (const { wait = 0, ...params } of requests as { wait?: number }[]) {
    await clock.advance(wait);
    const { usage } = (await (await ask(emulator, { ...params, stream: false })).json()) as {
      usage: Usage;
    };
    const { cache_creation, cache_read_input_tokens } = usage;
    used.push([
      cache_creation?.ephemeral_5m_input_tokens ?? -1,
      cache_creation?.ephemeral_1h_input_tokens ?? -1,
      cache_read_input_tokens ?? -1,
    ]);
  }
  return used;
}

const SYSTEM = { system: [text(LONG, ephemeral())] };
const TOKENS = Math.ceil(JSON.stringify(text(LONG)).length / 4);

it('nothing is cached without a breakpoint, or before one of a short prompt', async () => {
  expect(await uses({}, { system: [text('short', ephemeral())] })).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

it('a prompt up to a breakpoint is written, then read for five minutes from its last use', async () => {
  const minutes = (n: number): object => ({ ...SYSTEM, wait: n * 60_000 });
  expect(await uses(SYSTEM, minutes(4), minutes(4), minutes(6))).toEqual([
    [TOKENS, 0, 0],
    [0, 0, TOKENS],
    [0, 0, TOKENS],
    [TOKENS, 0, 0],
  ]);
});

it('or for an hour', async () => {
  const hour = { system: [text(LONG, ephemeral('1h'))] };
  expect(await uses(hour, { ...hour, wait: 3_000_000 })).toEqual([
    [0, TOKENS, 0],
    [0, 0, TOKENS],
  ]);
});

it('a conversation reads what it wrote, and writes what is new', async () => {
  const first = { messages: [user(text(LONG))], ...ephemeral() };
  const second = {
    messages: [user(text(LONG)), { role: 'assistant', content: 'Hi' }, user(text(LONG))],
    ...ephemeral(),
  };
  const [wrote, next] = await uses(first, second);
  expect(wrote).toEqual([TOKENS, 0, 0]);
  expect(next?.[2]).toBe(TOKENS);
  expect(next?.[0]).toBeGreaterThan(TOKENS);
});

it('another model, system prompt or tool reads nothing', async () => {
  const others = [
    { model: 'claude-opus-4-7' },
    { system: [text(`${LONG}.`, ephemeral())] },
    { tools: [{ name: 'a', input_schema: { type: 'object' } }] },
  ];
  for (const other of others) {
    expect((await uses(SYSTEM, { ...SYSTEM, ...other }))[1]?.[2]).toBe(0);
  }
});

it('what is cached is no input', async () => {
  const emulator = createEmulator({ replies: () => reply.text('Hi') });
  const input = async (params: object): Promise<Usage> =>
    (await (await ask(emulator, { ...params, stream: false })).json()).usage;
  const plain = await input({ system: [text(LONG)] });
  const { input_tokens, cache_creation_input_tokens } = await input(SYSTEM);
  expect(cache_creation_input_tokens).toBe(TOKENS);
  expect(input_tokens).toBeLessThan(plain.input_tokens / 10);
});
