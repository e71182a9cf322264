import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Anthropic } from '../../src/client.js';
import { type AnthropicError, outputFormat, RunStream } from '../../src/index.js';
import { createEmulator, type Replies, reply } from '../../src/testing/index.js';
import type { Run } from '../../src/tools/run.js';
import { failure, idle } from '../stream/support.js';
import { askFor, PARAMS, weatherTool } from './support.js';

const TALK: Replies = [
  reply.sequence(reply.thinking('Hm.'), reply.text('Let me see.'), askFor('Oslo')),
  reply.text('Sunny.'),
];

function runner(replies: Replies = TALK, approve = true) {
  const { fetch } = createEmulator({ replies });
  const client = new Anthropic({ apiKey: 'test', maxRetries: 0, fetch });
  return client.messages.toolRunner(
    { ...PARAMS, tools: [weatherTool()] },
    { approve: () => approve },
  );
}

const SIDES: readonly [side: string, open: (replies?: Replies) => Run][] = [
  ['here', (replies) => runner(replies)],
  ['on the far side', (replies) => RunStream.from(runner(replies).toResponse())],
];

describe.each(SIDES)('listeners of a run %s', (_, open) => {
  it('hear its turns, their events, and its calls; the end is the last', async () => {
    const run = open();
    const heard: string[] = [];
    const texts = new Map<string, string>();
    run
      .on('turn', (stream) => heard.push(`turn ${stream.currentMessageSnapshot === undefined}`))
      .on('text', (delta, snapshot) => {
        expect(snapshot.endsWith(delta)).toBe(true);
        texts.set('text', snapshot);
      })
      .on('thinking', (_delta, snapshot) => texts.set('thinking', snapshot))
      .on('contentBlock', ({ type }) => heard.push(`block ${type}`))
      .on('message', ({ stop_reason }) => heard.push(`message ${stop_reason}`))
      .on('toolApproval', ({ id, toolUse }) => heard.push(`approval ${id === toolUse.id}`))
      .on('toolStart', ({ toolUse }) => heard.push(`start ${toolUse.name}`))
      .on('toolResult', ({ result }) => heard.push(`result ${result.content}`))
      .on('error', () => heard.push('error'));
    await new Promise<void>((resolve) => run.on('end', resolve));
    expect(heard).toEqual([
      expect.stringMatching(/^turn/),
      'block thinking',
      'block text',
      'block tool_use',
      'message tool_use',
      'approval true',
      'start get_weather',
      'result Sunny in Oslo',
      expect.stringMatching(/^turn/),
      'block text',
      'message end_turn',
    ]);
    expect(Object.fromEntries(texts)).toEqual({ thinking: 'Hm.', text: 'Sunny.' });
  });

  it('hear every event once, with once() the next one, after off() none', async () => {
    const run = open();
    const types: string[] = [];
    let [onceHeard, offHeard] = [0, 0];
    const never = (): void => void offHeard++;
    run.on('event', ({ type }) => types.push(type));
    run.once('event', () => void onceHeard++);
    run.on('event', never).off('event', never);
    await run.untilDone();
    await new Promise<void>((resolve) => run.on('end', resolve));
    expect(types.filter((type) => type === 'message_stop')).toHaveLength(2);
    expect(types).toContain('tool_result');
    expect([onceHeard, offHeard]).toEqual([1, 0]);
  });

  it('of the end alone make nothing go', async () => {
    const run = open();
    run.on('end', () => {}).on('error', () => {});
    await idle();
    expect(run.usage).toBeUndefined();
  });

  it('that are added after the end are called', async () => {
    const run = open([reply.error(529)]);
    const error = await failure(run.untilDone());
    expect(await new Promise((resolve) => run.on('error', resolve))).toBe(error);
    await new Promise<void>((resolve) => run.on('end', resolve));
  });

  it('refuse names that there are not', () => {
    expect(() => open().on('txt' as 'text', () => {})).toThrow("did you mean 'text'?");
  });

  describe('of a run that fails', () => {
    const raised: unknown[] = [];
    const note = (error: unknown): void => void raised.push(error);
    let others: NodeJS.UnhandledRejectionListener[];
    beforeEach(() => {
      raised.length = 0;
      others = process.listeners('unhandledRejection');
      process.removeAllListeners('unhandledRejection').on('unhandledRejection', note);
    });
    afterEach(() => {
      process.removeAllListeners('unhandledRejection');
      for (const other of others) process.on('unhandledRejection', other);
    });

    it('raise the error where nothing hears it, and only there', async () => {
      const silent = open([reply.error(529)]).on('text', () => {});
      await new Promise<void>((resolve) => silent.on('end', resolve));
      await idle();
      expect(raised).toMatchObject([{ name: 'OverloadedError' }]);
      const heard = open([reply.error(529)]).on('text', () => {});
      const error = new Promise<AnthropicError>((resolve) => heard.on('error', resolve));
      expect(await error).toMatchObject({ name: 'OverloadedError' });
      const awaited = open([reply.error(529)]).on('text', () => {});
      await failure(awaited.getFinalText());
      open()
        .on('text', () => {})
        .close();
      await idle();
      expect(raised).toHaveLength(1);
    });
  });
});

it('getFinalText() and getFinalOutput() are of the last message', async () => {
  const { fetch } = createEmulator({
    replies: [askFor('Oslo'), reply.text('{"sky":"blue"}')],
  });
  const client = new Anthropic({ apiKey: 'test', fetch });
  const run = client.messages.toolRunner({
    ...PARAMS,
    tools: [weatherTool()],
    output_config: { format: outputFormat(z.object({ sky: z.string() })) },
  });
  const { sky } = await run.getFinalOutput();
  expect(sky).toBe('blue');
  expect(await run.getFinalText()).toBe('{"sky":"blue"}');
});
