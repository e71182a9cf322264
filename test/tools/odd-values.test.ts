import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Anthropic, AnthropicError, type RunnerOptions, tool } from '../../src/index.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import { failure, PARAMS } from '../stream/support.js';
import { ODD_VALUES } from '../support/odd-values.js';

const SCHEMA = z.object({});

function open(run: () => unknown, options: RunnerOptions = {}) {
  const emulator = createEmulator({ replies: [reply.toolUse('f', {}), reply.text('Done.')] });
  const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch });
  const f = tool({ name: 'f', description: 'f', input: SCHEMA, run: run as () => string });
  return client.messages.toolRunner({ ...PARAMS, tools: [f] }, options);
}

describe.each(ODD_VALUES)('%s', (_, make) => {
  it.each<[how: string, run: () => unknown]>([
    [
      'thrown',
      () => {
        throw make();
      },
    ],
    ['rejected', () => Promise.reject(make())],
  ])('%s by a tool is a result', async (_, run) => {
    const runner = open(run);
    expect((await runner.getFinalMessage()).stop_reason).toBe('end_turn');
    expect(runner.messages.at(-2)?.content).toMatchObject([{ is_error: true }]);
  });

  it('thrown by approve ends the run with an AnthropicError that has it as the cause', async () => {
    const value = make();
    const runner = open(() => 'never', {
      approve: () => {
        throw value;
      },
    });
    const error = (await failure(runner.getFinalMessage())) as AnthropicError;
    expect(error).toBeInstanceOf(AnthropicError);
    expect(error.cause === value || value === undefined).toBe(true);
  });
});

it('an AnthropicError that is frozen ends the run as it is', async () => {
  const error = Object.freeze(new AnthropicError('not now'));
  const runner = open(() => 'never', { approve: () => Promise.reject(error) });
  expect(await failure(runner.getFinalMessage())).toBe(error);
});

it('tools and approve run in the async context of the toolRunner() call', async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  const note = (): true => {
    seen.push(storage.getStore());
    return true;
  };
  const runner = storage.run('caller', () => open(() => String(note()), { approve: note }));
  await storage.run('reader', () => runner.getFinalMessage());
  expect(seen).toEqual(['caller', 'caller']);
});
