import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RunnerOptions, RunnerTool, ToolResultBlockParam } from '../../src/index.js';
import { type Replies, type Reply, reply } from '../../src/testing/index.js';
import type { Container } from '../../src/wire/message.js';
import { blockStart, blockStop, messageStart, textBlock, toolBlock } from '../contract/wire.js';
import { all, failure } from '../stream/support.js';
import { askFor, CITY, PARAMS, rawReply, type World, weatherTool } from './support.js';

/** The classes and functions under test: those of the sources, or of the build. */
type Api = Pick<
  typeof import('../../src/index.js'),
  'AnthropicError' | 'MaxTurnsError' | 'OverloadedError' | 'ToolError' | 'tool'
>;

const WEATHER = weatherTool();
const FITS = 'Call it again with an input that fits.';
const LATER = z.object({ city: z.string().refine(async () => false, 'is not known') });

/** The blocks of a turn in the conversation. */
export const blocksOf = (turn: { content: unknown } | undefined): ToolResultBlockParam[] =>
  turn?.content as ToolResultBlockParam[];

interface Call {
  what: string;
  /** The answer with the call. */
  answer?: Reply;
  tools?: RunnerTool[];
  options?: RunnerOptions;
  /** The result that the model gets. */
  gives: Gives;
  /** The same from a client that blocks, where it differs. */
  blocking?: Gives;
}

type Gives = Omit<ToolResultBlockParam, 'type' | 'tool_use_id'>;

const BLOCKS = [{ type: 'text', text: 'A map' }] as const;
const failed = (content: unknown): Gives => ({
  content: content as string,
  is_error: true,
});

/** Values that tools return, and what the model gets. */
const JSON_VALUES: readonly [value: unknown, json: string][] = [
  [{ sky: 'blue', wind: [1, 2] }, '{"sky":"blue","wind":[1,2]}'],
  [21, '21'],
  [false, 'false'],
  [[], '[]'],
  [['a', 1], '["a",1]'],
  [[{ type: 'cloud' }], '[{"type":"cloud"}]'],
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
];

/** What a client that blocks says of a promise. */
const refusal = (who: string): string =>
  `${who} returned a promise, which a blocking client can't wait for: write a function that isn't async and returns no promise, or use Anthropic from 'millrace'`;
const refused = (who: string): Gives => failed(`AnthropicError: ${refusal(who)}`);

const callsOf = ({ tool, ToolError }: Api): readonly Call[] => {
  const weatherThat = (run: () => unknown): RunnerTool =>
    tool({ name: 'get_weather', input: CITY, run: run as () => string });
  return [
    { what: 'text', gives: { content: 'Sunny in Oslo' } },
    { what: 'blocks', tools: [weatherThat(() => BLOCKS)], gives: { content: BLOCKS } },
    { what: 'nothing', tools: [weatherThat(() => {})], gives: {} },
    {
      what: 'a promise',
      tools: [weatherThat(async () => 'Rain')],
      gives: { content: 'Rain' },
      blocking: refused('the tool get_weather'),
    },
    {
      what: 'an error that is thrown',
      tools: [
        weatherThat(() => {
          throw new RangeError('no such place');
        }),
      ],
      gives: failed('RangeError: no such place'),
    },
    {
      what: 'a rejection',
      tools: [weatherThat(() => Promise.reject(new Error('down')))],
      gives: failed('Error: down'),
      blocking: refused('the tool get_weather'),
    },
    {
      what: 'a ToolError with blocks',
      tools: [
        weatherThat(() => {
          throw new ToolError(BLOCKS);
        }),
      ],
      gives: failed(BLOCKS),
    },
    {
      what: 'a ToolError with text',
      tools: [
        weatherThat(() => {
          throw new ToolError('try Bergen');
        }),
      ],
      gives: failed('try Bergen'),
    },
    ...JSON_VALUES.map(([value, content]) => ({
      what: `the value ${content}, as JSON`,
      tools: [weatherThat(() => value)],
      gives: { content },
    })),
    {
      what: 'null: nothing',
      tools: [weatherThat(() => null)],
      gives: {},
    },
    {
      what: 'a value that JSON has not',
      tools: [weatherThat(() => 21n)],
      gives: failed(
        'The tool get_weather returned a value of type bigint: it must return a string, content blocks, or a value for JSON.',
      ),
    },
    {
      what: 'a name that is unknown',
      answer: reply.toolUse('get_wether', { city: 'Oslo' }),
      gives: failed('There is no tool "get_wether" to call. There are: get_weather.'),
    },
    {
      what: 'a tool that is not run here',
      answer: reply.toolUse('bash', { command: 'ls' }),
      tools: [{ type: 'bash_20250124', name: 'bash' }],
      gives: failed('There is no tool "bash" to call. There are none.'),
    },
    {
      what: "a tool of the API's that is run here",
      answer: reply.toolUse('bash', { command: 'ls' }),
      tools: [
        tool({
          type: 'bash_20250124',
          name: 'bash',
          run: (input) => `ran ${(input as { command: string }).command}`,
        }),
      ],
      gives: { content: 'ran ls' },
    },
    {
      what: 'input that does not validate',
      answer: askFor(7),
      gives: failed(
        `The input does not fit the schema of get_weather, so the tool was not run:\n- city: must be of type string, not number\n${FITS}`,
      ),
    },
    {
      what: 'input that a schema validates with a promise',
      answer: askFor('Oslo'),
      tools: [tool({ name: 'get_weather', input: LATER, run: () => 'Sunny' })],
      gives: failed(
        `The input does not fit the schema of get_weather, so the tool was not run:\n- city: is not known\n${FITS}`,
      ),
      blocking: failed(
        `The input does not fit the schema of get_weather, so the tool was not run:\n- ${refusal('the schema of get_weather')}\n${FITS}`,
      ),
    },
    {
      what: 'input that is no object',
      answer: rawReply('tool_use', ...toolBlock(0, '["Oslo"]')),
      gives: failed(
        `The input does not fit the schema of get_weather, so the tool was not run:\n- must be of type object, not array\n${FITS}`,
      ),
    },
    {
      what: 'input that was cut',
      answer: rawReply('tool_use', ...toolBlock(0, '{"city": "Os')),
      gives: failed(
        expect.stringMatching(/^The input of this call .*so the tool was not run.*\{"city": "Os$/),
      ),
    },
    {
      what: 'input that is not JSON',
      answer: rawReply('tool_use', ...toolBlock(0, '{city: "Oslo"}')),
      gives: failed(
        expect.stringMatching(/is not valid JSON.*so the tool was not run.*\{city: "Oslo"\}$/),
      ),
    },
    {
      what: 'a call that is denied',
      options: { approve: () => false },
      gives: failed('The user denied this call.'),
    },
    {
      what: 'a call that is denied for a reason',
      options: { approve: ({ input }) => `not ${(input as { city: string }).city}` },
      gives: failed('The user denied this call: not Oslo'),
    },
    {
      what: 'a call that is approved',
      options: { approve: ({ toolUse }) => toolUse.name === 'get_weather' },
      gives: { content: 'Sunny in Oslo' },
    },
  ];
};

const CONTAINER: Container = { id: 'container_1', expires_at: '2026-11-21T12:00:00Z' };
/** In the form of the API's: base64 of one field, its length and as many bytes. */
const toSignature = (n: number): string => btoa(`\x12\x60${String(n).repeat(96)}`);

/** What a runner of either client must do, and a world for it. */
export function runnerSuite(
  api: Api,
  open: (replies: Replies) => Promise<World>,
  isBlocking = false,
): void {
  const { AnthropicError, MaxTurnsError, OverloadedError } = api;

  describe.each([false, true])('eager %s', (eager) => {
    it.each(callsOf(api))('answers a call with $what', async (call) => {
      const { answer = askFor('Oslo'), tools = [WEATHER], options = {} } = call;
      const gives = (isBlocking ? call.blocking : undefined) ?? call.gives;
      await using world = await open([answer, reply.text('Done.')]);
      const runner = world.client.messages.toolRunner({ ...PARAMS, tools }, { ...options, eager });
      const message = await runner.getFinalMessage();
      expect(message.content).toMatchObject([{ type: 'text', text: 'Done.' }]);
      const [question, asked, answered, ...rest] = world.bodies[1]?.messages ?? [];
      expect(question).toEqual(PARAMS.messages[0]);
      const [use] = blocksOf(asked) as unknown as { id: string; input: object }[];
      expect(use).toMatchObject({ type: 'tool_use', input: expect.not.toSatisfy(Array.isArray) });
      expect(typeof use?.input).toBe('object');
      expect(answered).toEqual({
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: use?.id, ...gives }],
      });
      expect(rest).toEqual([]);
      expect(runner.messages).toEqual([
        ...(world.bodies[1]?.messages ?? []),
        { role: 'assistant', content: message.content },
      ]);
    });
  });

  it('never calls a tool with half an input, nor one that does not fit', async () => {
    const asked: string[] = [];
    await using world = await open([
      rawReply('tool_use', ...toolBlock(0, '{"city": "Os'), ...toolBlock(1, '{"city": 1}')),
      reply.text('Done.'),
    ]);
    const tools = [weatherTool(asked)];
    await world.client.messages.toolRunner({ ...PARAMS, tools }, { eager: true }).getFinalMessage();
    expect(asked).toEqual([]);
    expect(blocksOf(world.bodies[1]?.messages.at(-1)).map(({ is_error }) => is_error)).toEqual([
      true,
      true,
    ]);
  });

  it('stops where the model calls nothing', async () => {
    await using world = await open([reply.text('Hello.')]);
    const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] });
    expect((await runner.getFinalMessage()).stop_reason).toBe('end_turn');
    expect(world.bodies).toHaveLength(1);
  });

  it('sends thinking back with its signatures, to the byte, turn after turn', async () => {
    const thought = (n: number): Reply & { kind: 'content' } =>
      reply.thinking(`thought ${n}`, { signature: toSignature(n) });
    await using world = await open([
      reply.sequence(thought(1), askFor('Oslo')),
      reply.sequence(thought(2), reply.text('More.'), thought(3), askFor('Rome')),
      reply.sequence(thought(4), reply.text('Done.')),
    ]);
    const runner = world.client.messages.toolRunner({
      ...PARAMS,
      tools: [WEATHER],
      thinking: { type: 'adaptive' },
    });
    await runner.getFinalMessage();
    expect(world.bodies).toHaveLength(3);
    const sent = world.bodies.map(({ messages }) => signaturesIn(messages));
    expect(sent).toEqual([[], [1].map(toSignature), [1, 2, 3].map(toSignature)]);
    expect(signaturesIn(runner.messages)).toEqual([1, 2, 3, 4].map(toSignature));
    expect(world.bodies[2]?.messages.slice(0, 3)).toEqual(world.bodies[1]?.messages);
  });

  it('goes on with a turn that the API paused', async () => {
    await using world = await open([
      reply.text('Searching', { stop_reason: 'pause_turn' }),
      reply.text('Found.'),
    ]);
    const tools: RunnerTool[] = [{ type: 'web_search_20260318', name: 'web_search', max_uses: 3 }];
    const runner = world.client.messages.toolRunner({ ...PARAMS, tools });
    expect((await runner.getFinalMessage()).content).toMatchObject([{ text: 'Found.' }]);
    expect(world.bodies[1]?.messages).toEqual([
      ...PARAMS.messages,
      { role: 'assistant', content: [expect.objectContaining({ text: 'Searching' })] },
    ]);
    expect(world.bodies.map(({ tools }) => tools)).toEqual([tools, tools]);
  });

  it('does not resend what is paused and empty', async () => {
    await using world = await open([rawReply('pause_turn')]);
    const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] });
    expect((await runner.getFinalMessage()).stop_reason).toBe('pause_turn');
    expect(world.bodies).toHaveLength(1);
  });

  it.each(['refusal', 'max_tokens', 'model_context_window_exceeded', 'brand_new'])(
    'stops at %s: the message is delivered, no call is made, each has a result',
    async (stop_reason) => {
      const asked: string[] = [];
      await using world = await open([
        rawReply(
          stop_reason,
          ...textBlock(0, 'I ask'),
          ...toolBlock(1, '{"city": "Oslo"}'),
          ...toolBlock(2, '{"city": "Ro'),
        ),
      ]);
      const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [weatherTool(asked)] });
      expect((await runner.getFinalMessage()).stop_reason).toBe(stop_reason);
      expect(asked).toEqual([]);
      expect(world.bodies).toHaveLength(1);
      expect(blocksOf(runner.messages.at(-2))).toMatchObject([
        { type: 'text' },
        { id: 'toolu_1' },
        { id: 'toolu_2' },
      ]);
      const content = `This call was not run: the response stopped with ${stop_reason}.`;
      expect(runner.messages.at(-1)?.content).toEqual(
        ['toolu_1', 'toolu_2'].map((tool_use_id) => ({
          type: 'tool_result',
          tool_use_id,
          content,
          is_error: true,
        })),
      );
    },
  );

  it.each(['end_turn', 'stop', 'stop_sequence', 'tool_calls'])(
    'runs whole calls that end with %s',
    async (stop_reason) => {
      const asked: string[] = [];
      await using world = await open([
        rawReply(stop_reason, ...toolBlock(0, '{"city": "Oslo"}')),
        reply.text('Rain.'),
      ]);
      const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [weatherTool(asked)] });
      expect((await runner.getFinalMessage()).content).toMatchObject([{ text: 'Rain.' }]);
      expect(asked).toEqual(['Oslo']);
    },
  );

  it('leaves out a refused answer that has nothing to send', async () => {
    await using world = await open([rawReply('refusal')]);
    const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] });
    await runner.getFinalMessage();
    expect(runner.messages).toEqual(PARAMS.messages);
  });

  it.each([
    ['names it', undefined, 'container_1'],
    ['names it in params that have more', { skills: [] }, { skills: [], id: 'container_1' }],
    ['keeps the one that the caller named', 'container_mine', 'container_mine'],
    ['keeps it in params that have more', { id: 'mine', skills: [] }, { id: 'mine', skills: [] }],
  ])('carries the container on: %s', async (_, container, named) => {
    await using world = await open([
      reply.toolUse('get_weather', { city: 'Oslo' }, { container: CONTAINER }),
      askFor('Rome'),
      reply.text('Done.'),
    ]);
    const params = { ...PARAMS, tools: [WEATHER], ...(container && { container }) };
    await world.client.messages.toolRunner(params).getFinalMessage();
    expect(world.bodies.map((body) => body.container)).toEqual([container, named, named]);
  });

  it('makes calls that came with message_start, as code makes them', async () => {
    const caller = { type: 'code_execution_20250825', tool_id: 'srvtoolu_1' };
    const use = {
      type: 'tool_use',
      id: 'toolu_1',
      name: 'get_weather',
      input: { city: 'Oslo' },
      caller,
    };
    await using world = await open([
      reply.events([
        messageStart({ content: [use], stop_reason: 'tool_use', container: CONTAINER }),
        { type: 'message_stop' },
      ]),
      reply.text('Done.'),
    ]);
    await world.client.messages
      .toolRunner({ ...PARAMS, tools: [WEATHER] }, { eager: true })
      .getFinalMessage();
    expect(world.bodies[1]).toMatchObject({
      container: 'container_1',
      messages: [{}, { content: [use] }, { content: [{ content: 'Sunny in Oslo' }] }],
    });
  });

  it('tells the toolset of a call back', async () => {
    const use = {
      type: 'tool_use',
      id: 'toolu_1',
      name: 'get_weather',
      input: {},
      toolset_name: 'x',
    };
    await using world = await open([
      rawReply('tool_use', blockStart(0, use), blockStop(0)),
      reply.text('Done.'),
    ]);
    await world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] }).getFinalMessage();
    expect(world.bodies[1]?.messages.at(-1)?.content).toMatchObject([{ toolset_name: 'x' }]);
  });

  it('stops at maxTurns with an error that has the conversation, results included', async () => {
    await using world = await open([askFor('Oslo'), askFor('Rome'), reply.text('never')]);
    const runner = world.client.messages.toolRunner(
      { ...PARAMS, tools: [WEATHER] },
      { maxTurns: 2 },
    );
    const error = await failure(runner.getFinalMessage());
    expect(error).toBeInstanceOf(MaxTurnsError);
    expect(error).toBeInstanceOf(AnthropicError);
    const { message, messages, partialMessage, requestId } = error as InstanceType<
      typeof MaxTurnsError
    >;
    expect(message).toMatch(
      /^the model wants to go on after 2 turns, which is maxTurns: .*request/,
    );
    expect(messages).toEqual(runner.messages);
    expect(messages.at(-1)?.content).toMatchObject([{ content: 'Sunny in Rome' }]);
    expect(partialMessage?.stop_reason).toBe('tool_use');
    expect(requestId).toBe('req_010000000000000000000002');
    expect(world.bodies).toHaveLength(2);
  });

  it('stops after 100 turns by default', async () => {
    await using world = await open(Array.from({ length: 101 }, () => askFor('Oslo')));
    const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] });
    expect(await failure(runner.getFinalMessage())).toBeInstanceOf(MaxTurnsError);
    expect(world.bodies).toHaveLength(100);
  });

  it('allows exactly maxTurns', async () => {
    await using world = await open([askFor('Oslo'), reply.text('Done.')]);
    const params = { ...PARAMS, tools: [WEATHER] };
    await world.client.messages.toolRunner(params, { maxTurns: 2 }).getFinalMessage();
    expect(world.bodies).toHaveLength(2);
  });

  it('adds usage up', async () => {
    const usage = (input_tokens: number): object => ({
      usage: { input_tokens, output_tokens: 1, server_tool_use: { web_search_requests: 2 } },
    });
    await using world = await open([
      reply.toolUse('get_weather', { city: 'Oslo' }, usage(10)),
      reply.text('Done.', usage(30)),
    ]);
    const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] });
    expect(runner.usage).toBeUndefined();
    await runner.getFinalMessage();
    expect(runner.usage).toMatchObject({
      input_tokens: 40,
      output_tokens: 2,
      server_tool_use: { web_search_requests: 4 },
      service_tier: 'standard',
    });
  });

  it('hands out the conversation as a value, and keeps the params that it was given', async () => {
    await using world = await open([askFor('Oslo'), reply.text('Done.')]);
    const messages = [...PARAMS.messages];
    const runner = world.client.messages.toolRunner({ ...PARAMS, messages, tools: [WEATHER] });
    messages.push({ role: 'user', content: 'too late' });
    const before = runner.messages;
    await runner.getFinalMessage();
    expect(before).toEqual(PARAMS.messages);
    expect(world.bodies[0]?.messages).toEqual(PARAMS.messages);
    expect(runner.messages).toHaveLength(4);
  });

  it('ends with the error of a turn, for all who ask', async () => {
    await using world = await open([askFor('Oslo'), reply.error('overloaded_error')]);
    const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] });
    const error = await failure(runner.getFinalMessage());
    expect(error).toBeInstanceOf(OverloadedError);
    expect(await failure(runner.getFinalMessage())).toBe(error);
    expect(await failure(all(runner.events))).toBe(error);
    expect(runner.messages).toHaveLength(3);
  });

  it('is the same in beta', async () => {
    await using world = await open([askFor('Oslo'), reply.text('Done.')]);
    const runner = world.client.beta.messages.toolRunner({
      ...PARAMS,
      betas: ['fallback-credit-2026-07-01'],
      fallback_credit_token: 'once',
      tools: [WEATHER],
    });
    await runner.getFinalMessage();
    expect(world.headers['anthropic-beta']).toBe('fallback-credit-2026-07-01');
    expect(world.bodies.map((body) => [body.betas, body.fallback_credit_token])).toEqual([
      [undefined, 'once'],
      [undefined, undefined],
    ]);
    expect(runner.messages.at(-2)?.content).toMatchObject([{ content: 'Sunny in Oslo' }]);
  });

  it('ends with what approve throws', async () => {
    await using world = await open([askFor('Oslo')]);
    const cause = new Error('no terminal');
    const runner = world.client.messages.toolRunner(
      { ...PARAMS, tools: [WEATHER] },
      {
        approve: () => {
          throw cause;
        },
      },
    );
    expect(await failure(runner.getFinalMessage())).toMatchObject({
      name: 'AnthropicError',
      reason: 'no terminal',
      cause,
    });
  });
}

function signaturesIn(messages: readonly { content: unknown }[]): (string | undefined)[] {
  return messages
    .flatMap(({ content }) => (Array.isArray(content) ? content : []))
    .filter(({ type }) => type === 'thinking')
    .map(({ signature }) => signature);
}
