import { describe, expect, it, vi } from 'vitest';
import { Anthropic } from '../../src/client.js';
import {
  type AnthropicError,
  type ExposeOptions,
  MaxTurnsError,
  RunStream,
  type RunToResponseOptions,
  type ToolApprovalEvent,
  tool,
} from '../../src/index.js';
import { createEmulator, fault, type Replies, type Reply, reply } from '../../src/testing/index.js';
import type { RunnerOptions } from '../../src/tools/runner-options.js';
import type { ToolRunner } from '../../src/tools/tool-runner.js';
import { messageStart, toolBlock } from '../contract/wire.js';
import { all, failure } from '../stream/support.js';
import { deferred } from '../support/deferred.js';
import { askFor, byHand, CITY, PARAMS, rawReply, weatherTool } from './support.js';

const OSLO_AND_BERGEN = reply.sequence(
  reply.thinking('Two cities.'),
  reply.text('Let me see.'),
  askFor('Oslo', 'toolu_1'),
  askFor('Bergen', 'toolu_2'),
);
const TALK: Replies = [OSLO_AND_BERGEN, reply.text('Sunny in both.')];

function run(replies: Replies, options: RunnerOptions = {}, tools = [weatherTool()]): ToolRunner {
  const { fetch } = createEmulator({ replies });
  const client = new Anthropic({ apiKey: 'test', maxRetries: 0, fetch });
  return client.messages.toolRunner({ ...PARAMS, tools }, options);
}

/** The far side of a run. */
function far(runner: ToolRunner, options?: RunToResponseOptions): RunStream {
  return RunStream.from(runner.toResponse(options));
}

/** Events that tell no timing: which deltas are merged depends on when they are read. */
const steady = (events: readonly { type: string }[]): unknown[] =>
  events.filter(({ type }) => type !== 'content_block_delta');

describe('a run on the far side', () => {
  it('has the calls that the run has ended without a result for', async () => {
    const later = tool({
      name: 'get_weather',
      input: CITY,
      run: ({ city }, { defer }) => (city === 'Oslo' ? defer() : 'Rain'),
    });
    const runner = run(TALK, {}, [later]);
    const there = far(runner);
    const events = await all(there.events);
    expect(events.filter(({ type }) => type === 'tool_start')).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'tool_result')).toHaveLength(1);
    expect(there.deferredToolCalls).toMatchObject([{ id: 'toolu_1', input: { city: 'Oslo' } }]);
    expect(there.deferredToolCalls).toEqual(runner.deferredToolCalls);
    expect(there.messages).toEqual(runner.messages.slice(1));
  });

  it('has no deferred calls in a plain response', async () => {
    const { fetch } = createEmulator({ replies: [OSLO_AND_BERGEN] });
    const client = new Anthropic({ apiKey: 'test', fetch });
    const stream = client.messages.stream({ ...PARAMS, tools: [weatherTool()] });
    const there = RunStream.from(stream.toResponse());
    await there.untilDone();
    expect(there.deferredToolCalls).toEqual([]);
  });

  it('has the events, turns, text, messages and usage of the run', async () => {
    const runner = run(TALK, { approve: () => true });
    const here = all(runner.events);
    const there = far(runner);
    const events = await all(there.events);
    expect(steady(events)).toEqual(steady(await here));
    expect(events.map(({ type }) => type)).toContain('tool_approval');
    expect(await all(there.textStream)).toEqual(await all(runner.textStream));
    expect(there.messages).toEqual(runner.messages.slice(1));
    expect(there.usage).toEqual(runner.usage);
    expect(await there.getFinalMessage()).toEqual(await runner.getFinalMessage());
    expect(await there.getFinalText()).toBe('Sunny in both.');
    const turns = await all(there);
    expect(turns.map((turn) => turn.currentMessageSnapshot?.stop_reason)).toEqual([
      'tool_use',
      'end_turn',
    ]);
  });

  it('has readers that come late', async () => {
    const there = far(run(TALK));
    const first = await all(there.events);
    expect(steady(await all(there.events))).toEqual(steady(first));
  });

  it('gives each event as it arrives, and what a tool reports', async () => {
    const [began, ends] = [deferred(), deferred()];
    const slow = tool({
      name: 'get_weather',
      input: CITY,
      async run(_, { emit }) {
        emit({ progress: 1 });
        began.resolve();
        await ends.promise;
        return { sky: 'blue' };
      },
    });
    const there = far(run([askFor('Oslo'), reply.text('Blue.')], {}, [slow]));
    const seen: string[] = [];
    for await (const event of there.events) {
      seen.push(event.type);
      if (event.type === 'tool_update') {
        expect(event.update).toEqual({ progress: 1 });
        await began.promise;
        ends.resolve();
      }
      if (event.type === 'tool_result') expect(event.result.content).toBe('{"sky":"blue"}');
    }
    const ofTools = seen.filter((type) => type.startsWith('tool_'));
    expect(ofTools).toEqual(['tool_start', 'tool_update', 'tool_result']);
  });

  it('has the results in the order of the calls, whichever ended first', async () => {
    const bergen = deferred();
    const later = tool({
      name: 'get_weather',
      input: CITY,
      async run({ city }) {
        if (city === 'Oslo') await bergen.promise;
        else bergen.resolve();
        return city;
      },
    });
    const runner = run(TALK, {}, [later]);
    const there = far(runner);
    await there.untilDone();
    expect(there.messages).toEqual(runner.messages.slice(1));
    expect(there.messages[1]?.content).toMatchObject([{ content: 'Oslo' }, { content: 'Bergen' }]);
  });

  it('has the result of a call that was not run', async () => {
    const cut = rawReply('max_tokens', ...toolBlock(0, '{"city":"Oslo"}'));
    const runner = run([cut]);
    const there = far(runner);
    await there.untilDone();
    expect(there.messages).toEqual(runner.messages.slice(1));
    expect(there.messages).toHaveLength(2);
  });

  it('with history has the messages that the run began with', async () => {
    const runner = run(TALK);
    const there = far(runner, { history: true });
    await there.untilDone();
    expect(there.messages).toEqual(runner.messages);
  });

  it('can be passed on once more', async () => {
    const runner = run(TALK);
    const third = RunStream.from(far(runner).toResponse({ history: true }));
    await third.untilDone();
    expect(third.messages).toEqual(runner.messages.slice(1));
  });

  it('is one turn where the response is a plain message', async () => {
    const { fetch } = createEmulator({ replies: [reply.text('Hello')] });
    const stream = new Anthropic({ apiKey: 'test', fetch }).messages.stream(PARAMS);
    const there = RunStream.from(stream.toResponse());
    expect(await there.getFinalText()).toBe('Hello');
    expect(there.messages).toMatchObject([{ role: 'assistant', content: [{ text: 'Hello' }] }]);
  });

  it('is read as one message by clients that know no runs', async () => {
    const { MessageStream } = await import('../../src/index.js');
    const first = MessageStream.from(run(TALK).toResponse());
    expect((await first.getFinalMessage()).stop_reason).toBe('tool_use');
  });
});

describe('a run that fails', () => {
  const broken = (at: 'first' | 'second'): ToolRunner => {
    const cut = reply.faulty(reply.text('Once upon'), fault.cut({ phase: 'text' }));
    return run(at === 'first' ? [cut] : [askFor('Oslo'), cut]);
  };
  const CASES: readonly [what: string, open: () => ToolRunner, expected: object][] = [
    ['in its first turn', () => broken('first'), { name: 'StreamTruncatedError' }],
    ['in its second', () => broken('second'), { name: 'StreamTruncatedError' }],
    [
      'before its second',
      () => run([askFor('Oslo'), reply.error(529)]),
      { name: 'OverloadedError', status: 529 },
    ],
    [
      'since approve throws',
      () =>
        run([askFor('Oslo')], {
          approve: () => {
            throw new Error('secret');
          },
        }),
      { name: 'AnthropicError', reason: 'the server could not handle the request' },
    ],
  ];

  it.each(CASES)('%s fails with the same class', async (_, open, expected) => {
    const there = far(open());
    const error = await failure(all(there.events));
    expect(error).toMatchObject(expected);
    expect((error as Error).message).not.toContain('secret');
    expect(await failure(there.getFinalMessage())).toBe(error);
  });

  it('by maxTurns has its messages', async () => {
    const runner = run([askFor('Oslo'), reply.text('Sunny.')], { maxTurns: 1 });
    const there = far(runner);
    const error = (await failure(there.untilDone())) as MaxTurnsError;
    expect(error).toBeInstanceOf(MaxTurnsError);
    expect(error.maxTurns).toBe(1);
    expect(error.messages).toEqual(runner.messages.slice(1));
  });

  it('by maxTurns, with a text for all errors, has that', async () => {
    const runner = run([askFor('Oslo')], { maxTurns: 1 });
    const error = await failure(far(runner, { error: () => 'try later' }).untilDone());
    expect(error).toMatchObject({ name: 'AnthropicError', reason: 'try later' });
  });

  it('is never short: a response that is cut anywhere between its events is an error', async () => {
    const text = await run(TALK).toResponse().text();
    const events = text.split(/(?<=\n\n)/);
    expect(events.length).toBeGreaterThan(30);
    for (let kept = 1; kept < events.length; kept++) {
      const cut = RunStream.from(new Response(events.slice(0, kept).join('')));
      expect(((await failure(cut.untilDone())) as Error).name).toBe('StreamTruncatedError');
    }
    await RunStream.from(new Response(text)).untilDone();
  });

  it('before it began, with a status, has that', async () => {
    const there = RunStream.from(new Response('no', { status: 401 }));
    expect(await failure(there.untilDone())).toMatchObject({
      name: 'AuthenticationError',
      httpStatus: 401,
    });
  });

  it('a page of a proxy is a protocol error', async () => {
    const page = new Response('<html>', { headers: { 'content-type': 'text/html' } });
    expect(((await failure(RunStream.from(page).untilDone())) as Error).name).toBe(
      'StreamProtocolError',
    );
  });

  it('an event that is no JSON object is a protocol error', async () => {
    const text = await run(TALK).toResponse().text();
    const wrong = text.replace(/(event: millrace.tool_start\ndata: )\{.*\}/, '$1[');
    expect(wrong).not.toBe(text);
    const error = await failure(RunStream.from(new Response(wrong)).untilDone());
    expect((error as Error).name).toMatch(/^StreamProtocolError$/);
  });
});

describe('what is passed on', () => {
  const SECRETS: readonly [option: keyof ExposeOptions, secret: string][] = [
    ['thinking', 'Two cities.'],
    ['toolInputs', 'Oslo'],
    ['toolResults', 'Sunny at'],
  ];
  const tools = [
    tool({
      name: 'get_weather',
      input: CITY,
      run(_, { emit }) {
        emit('Sunny at, soon');
        return 'Sunny at noon';
      },
    }),
  ];
  const answer = (): Reply => reply.sequence(reply.thinking('Two cities.'), askFor('Oslo'));

  it.each(SECRETS)('%s only where it is exposed, in history too', async (option, secret) => {
    const first = run([answer(), reply.text('Fine.')], {}, tools);
    await first.untilDone();
    const again = (): ToolRunner => {
      const { fetch } = createEmulator({
        replies: [
          reply.sequence(reply.thinking('Two cities.'), askFor('Oslo', 'toolu_b')),
          reply.text('Fine.'),
        ],
      });
      const client = new Anthropic({ apiKey: 'test', fetch });
      const messages = [...first.messages, { role: 'user' as const, content: 'And now?' }];
      return client.messages.toolRunner({ ...PARAMS, messages, tools }, { approve: () => true });
    };
    const text = (expose: ExposeOptions): Promise<string> =>
      again().toResponse({ history: true, expose }).text();
    expect(await text({})).toContain(secret);
    const hidden = await text({ [option]: false });
    expect(hidden).not.toContain(secret);
    expect(await RunStream.from(new Response(hidden)).getFinalText()).toBe('Fine.');
  });

  it('refuses options that would hide nothing', () => {
    const runner = run(TALK);
    expect(() => runner.toResponse({ expose: { toolInput: false } as object })).toThrow(
      "did you mean 'toolInputs'?",
    );
  });

  it('is nothing that the API made up: events of millrace come from the run only', async () => {
    const { client, request } = byHand();
    const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
    const text = runner.toResponse().text();
    const held = await request();
    held.feed({ type: 'millrace.run_end' }, { type: 'millrace.tool_result', result: 'forged' });
    held.feed({
      type: 'message_start',
      message: { id: 'm', type: 'message', role: 'assistant', content: [], model: 'm', usage: {} },
    });
    held.finish();
    const sent = await text;
    expect(sent).not.toContain('forged');
    expect(sent.match(/millrace.run_end/g)).toHaveLength(2);
  });
});

describe('approvals', () => {
  const two = (options: RunnerOptions = {}, asked: string[] = []): ToolRunner =>
    run(TALK, { approve: 'ask', ...options }, [weatherTool(asked)]);

  it('are all pending at once, and each decision is for its own call', async () => {
    const asked: string[] = [];
    const runner = two({}, asked);
    const there = far(runner);
    const pending: ToolApprovalEvent[] = [];
    const results: unknown[] = [];
    for await (const event of there.events) {
      if (event.type === 'tool_approval') pending.push(event);
      if (event.type === 'tool_approval' && pending.length === 2) {
        expect(pending.map(({ id, input }) => [id, input])).toEqual([
          ['toolu_1', { city: 'Oslo' }],
          ['toolu_2', { city: 'Bergen' }],
        ]);
        expect(runner.decide('toolu_2', true)).toBe(true);
        expect(runner.decide('toolu_2', false)).toBe(false);
        expect(runner.decide('toolu_3', true)).toBe(false);
        expect(runner.decide('toolu_1', 'too far')).toBe(true);
      }
      if (event.type === 'tool_result') results.push([event.toolUse.id, event.result.content]);
    }
    expect(results.sort()).toEqual([
      ['toolu_1', 'The user denied this call: too far'],
      ['toolu_2', 'Sunny in Bergen'],
    ]);
    expect(asked).toEqual(['Bergen']);
  });

  it('by a function are asked one at a time, with the same id', async () => {
    const ids: string[] = [];
    const answers = [deferred<boolean>(), deferred<boolean>()];
    const runner = two({
      approve: ({ id }) => {
        ids.push(id);
        return answers[ids.length - 1]?.promise ?? false;
      },
    });
    const events: string[] = [];
    for await (const event of far(runner).events) {
      if (event.type !== 'tool_approval' && event.type !== 'tool_start') continue;
      events.push(`${event.type} ${event.toolUse.id}`);
      if (event.type === 'tool_approval') {
        expect(ids).toHaveLength(events.filter((it) => it.startsWith('tool_approval')).length);
        answers[ids.length - 1]?.resolve(true);
      }
    }
    expect(ids).toEqual(['toolu_1', 'toolu_2']);
    expect(events.toSorted()).toEqual([
      'tool_approval toolu_1',
      'tool_approval toolu_2',
      'tool_start toolu_1',
      'tool_start toolu_2',
    ]);
  });

  it('have ids of their own where calls share one', async () => {
    const { client, request } = byHand();
    const params = { ...PARAMS, tools: [weatherTool()] };
    const runner = client.messages.toolRunner(params, { approve: 'ask' });
    const ids: string[] = [];
    runner.on('toolApproval', ({ id }) => {
      ids.push(id);
      runner.decide(id, true);
    });
    const call = [messageStart(), ...toolBlock(0, '{"city":"Oslo"}')];
    for (const n of [0, 1]) {
      const held = await request(n);
      held.feed(...call);
      held.finish('tool_use');
    }
    const last = await request(2);
    last.feed(messageStart());
    last.finish();
    await runner.untilDone();
    expect(ids).toEqual([expect.any(String), `${ids[0]}-2`]);
  });

  it('that are pending when the run is closed are not decided any more', async () => {
    const runner = two();
    const there = far(runner);
    for await (const event of there.events) {
      if (event.type === 'tool_approval') break;
    }
    expect(await failure(runner.untilDone())).toMatchObject({ name: 'APIUserAbortError' });
    expect(runner.decide('toolu_1', true)).toBe(false);
  });

  it('send a ping while they wait, so that no proxy closes the connection', async () => {
    vi.useFakeTimers();
    try {
      const runner = two();
      const reader = runner.toResponse().body?.pipeThrough(new TextDecoderStream()).getReader();
      const read = async (): Promise<string> => (await reader?.read())?.value ?? '';
      let asked = 0;
      while (asked < 2) if ((await read()).includes('tool_approval')) asked++;
      for (let n = 0; n < 3; n++) {
        const next = read();
        await vi.advanceTimersByTimeAsync(15_000);
        expect(await next).toBe('event: ping\ndata: {"type":"ping"}\n\n');
      }
      runner.decide('toolu_1', true);
      expect(await read()).toContain('tool_start');
      expect(await read()).toContain('tool_result');
      runner.close();
      expect(await read()).toContain('event: error');
    } finally {
      vi.useRealTimers();
    }
  });

  it('a listener that decides at once is heard', async () => {
    const runner = two();
    runner.on('toolApproval', ({ id }) => runner.decide(id, true));
    expect(await runner.getFinalText()).toBe('Sunny in both.');
  });
});

describe('the end of a run that is read elsewhere', () => {
  it('a page that leaves ends the run', async () => {
    const emulator = createEmulator({
      replies: [reply.faulty(reply.text('Once upon a time'), fault.stall({ phase: 'text' }))],
    });
    const client = new Anthropic({ apiKey: 'test', fetch: emulator.fetch });
    const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
    const there = far(runner);
    for await (const _ of there.textStream) break;
    expect(await emulator.requests[0]?.ended).toBe('left');
  });

  it("with onDisconnect: 'continue' it doesn't", async () => {
    const runner = run(TALK);
    const there = far(runner, { onDisconnect: 'continue' });
    const ended = new Promise<void>((resolve) => runner.on('end', resolve));
    for await (const _ of there.textStream) break;
    await ended;
    expect(runner.messages).toHaveLength(4);
    expect(await far(runner).getFinalText()).toBe('Sunny in both.');
  });

  it('close() and a signal reject its readers, and keep what was received', async () => {
    const { client, request } = byHand();
    const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
    const leaving = new AbortController();
    const there = RunStream.from(runner.toResponse(), { signal: leaving.signal });
    const events = there.events[Symbol.asyncIterator]();
    const first = events.next();
    (await request()).feed({
      type: 'message_start',
      message: { id: 'm', type: 'message', role: 'assistant', content: [], model: 'm', usage: {} },
    });
    (await request()).feed({
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'text', text: 'Hi' },
    });
    expect((await first).value).toMatchObject({ type: 'message_start' });
    const pending = failure(there.untilDone());
    leaving.abort('bye');
    expect(await pending).toMatchObject({ name: 'APIUserAbortError', cause: 'bye' });
  });

  /** What a run sends up to a tool that never ends. */
  async function upToTool(): Promise<string> {
    const never = tool({
      name: 'get_weather',
      input: CITY,
      run: () => new Promise<string>(() => {}),
    });
    const runner = run([askFor('Oslo')], {}, [never]);
    const reader = runner.toResponse().body?.pipeThrough(new TextDecoderStream()).getReader();
    let sent = '';
    while (!sent.includes('tool_start')) sent += (await reader?.read())?.value ?? '';
    runner.close();
    return sent;
  }

  it('is waited for between turns, for hours, where the server gives signs of life', async () => {
    const text = await upToTool();
    const utf8 = new TextEncoder();
    let body: ReadableStreamDefaultController<Uint8Array> | undefined;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        body = controller;
        controller.enqueue(utf8.encode(text));
      },
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const there = RunStream.from(stream, { timeout: { idle: 60_000, stall: 600_000 } });
      let ending: unknown;
      const events: unknown[] = [];
      const reading = (async () => {
        for await (const event of there.events) events.push(event);
      })().catch((error) => {
        ending = error;
      });
      for (let minutes = 0; minutes < 180; minutes++) {
        await vi.advanceTimersByTimeAsync(50_000);
        body?.enqueue(utf8.encode(': keep-alive\n\n'));
      }
      expect(ending).toBe(undefined);
      expect(events.at(-1)).toMatchObject({ type: 'tool_start' });
      // Without them it ends.
      await vi.advanceTimersByTimeAsync(60_000);
      await reading;
      expect(ending).toMatchObject({ name: 'APITimeoutError', phase: 'idle' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('a server that falls silent is a timeout, between turns too', async () => {
    const text = await upToTool();
    const silent = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
    });
    const there = RunStream.from(silent, { timeout: { idle: 20 } });
    const error = (await failure(there.untilDone())) as AnthropicError;
    expect(error).toMatchObject({ name: 'APITimeoutError', phase: 'idle' });
  });
});
