import { expect, it, vi } from 'vitest';
import { Anthropic, AnthropicError, type ToolRunner } from '../../src/index.js';
import { createEmulator } from '../../src/testing/index.js';
import { all, failure } from '../stream/support.js';
import { PARAMS, weatherTool } from './support.js';

vi.mock('../../src/tools/tool-loop.js', () => {
  throw new TypeError('Failed to fetch dynamically imported module');
});

const READS: readonly [way: string, read: (runner: ToolRunner) => Promise<unknown>][] = [
  ['the streams', (runner) => all(runner)],
  ['the text', (runner) => all(runner.textStream)],
  ['the events', (runner) => all(runner.events)],
  ['getFinalMessage()', (runner) => runner.getFinalMessage()],
];

it.each(READS)('%s of a runner whose code does not load end with one error', async (_, read) => {
  const emulator = createEmulator({ replies: [] });
  const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch });
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  const error = (await failure(read(runner))) as AnthropicError;
  expect(error).toBeInstanceOf(AnthropicError);
  expect(error.message).toMatch(/^the code for toolRunner did not load: /);
  runner.close();
  for (const [, again] of READS) expect(await failure(again(runner))).toBe(error);
  expect(runner.messages).toEqual(PARAMS.messages);
  expect(runner.usage).toBeUndefined();
  expect(emulator.requests).toHaveLength(0);
});

it('a runner that is never read rejects nothing', async () => {
  const client = new Anthropic({ apiKey: 'key' });
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  await vi.dynamicImportSettled();
  expect(runner.messages).toEqual(PARAMS.messages);
});
