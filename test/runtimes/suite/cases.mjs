import { Anthropic, AnthropicError, MessageStream, outputFormat, tool } from 'millrace';
import { createEmulator, fault, reply, serve } from 'millrace/testing';

/*
 * What a package does beyond one exchange, with the emulator on the far side: each case has the replies
 * to its requests, what to do with a client, and what that must give.
 */

const PARAMS = {
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Hi' }],
};
const TEXT = 'Grüße aus dem Emulator 🌍, in several pieces.';
const WEATHER = tool({
  name: 'get_weather',
  input: { type: 'object', properties: { city: { type: 'string' } } },
  run: ({ city }) => `18 °C in ${city}`,
});

/** What a promise rejects with, as far as a case wants to know. */
const rejection = (promise, ...fields) =>
  promise.then(
    () => 'no rejection',
    (error) => [error.name, ...fields.map((field) => error[field])],
  );

const piecesOf = async (source) => {
  const pieces = [];
  for await (const piece of source) pieces.push(piece);
  return pieces;
};

const everywhere = [
  {
    name: 'text in pieces, then the message',
    replies: [reply.text(TEXT)],
    run: async (client) => {
      const stream = client.messages.stream(PARAMS);
      const pieces = await piecesOf(stream.textStream);
      const { stop_reason } = await stream.getFinalMessage();
      return [pieces.length > 3, pieces.join(''), stop_reason, stream.requestId !== undefined];
    },
    gives: [true, TEXT, 'end_turn', true],
  },
  {
    name: 'a message without a stream, and a count of tokens',
    replies: [reply.text(TEXT)],
    run: async (client) => {
      const { content } = await client.messages.create(PARAMS);
      const { model, messages } = PARAMS;
      const { input_tokens } = await client.messages.countTokens({ model, messages });
      return [content[0].text, input_tokens > 0];
    },
    gives: [TEXT, true],
  },
  {
    name: 'a retry before content',
    replies: [reply.error(529), reply.text(TEXT)],
    run: async (client) => {
      const stream = client.withOptions({ maxRetries: 1 }).messages.stream(PARAMS);
      return [await stream.getFinalText(), stream.attempts.length];
    },
    gives: [TEXT, 2],
  },
  {
    name: 'a recovery after content',
    replies: [reply.faulty(reply.text(TEXT), fault.cut({ phase: 'text' }))],
    run: async (client) => {
      const stream = client.messages.stream(PARAMS, { recover: true });
      return [await stream.getFinalText(), stream.attempts.length];
    },
    gives: [TEXT, 2],
  },
  {
    name: 'a silence',
    replies: [reply.faulty(reply.text(TEXT), fault.stall({ event: 'content_block_start' }))],
    run: (client) =>
      rejection(
        client.messages.stream(PARAMS, { timeout: { idle: 200 } }).getFinalMessage(),
        'phase',
      ),
    gives: ['APITimeoutError', 'idle'],
  },
  {
    name: 'a wrong request',
    replies: [],
    run: (client) =>
      rejection(client.messages.create({ ...PARAMS, messages: [] }), 'status', 'type'),
    gives: ['BadRequestError', 400, 'invalid_request_error'],
  },
  {
    name: 'an abort',
    replies: [reply.faulty(reply.text(TEXT), fault.stall({ phase: 'text' }))],
    run: async (client) => {
      const leaving = new AbortController();
      const stream = client.messages.stream(PARAMS, { signal: leaving.signal });
      stream.once('text', () => leaving.abort());
      const [name] = await rejection(stream.getFinalMessage());
      return [name, TEXT.startsWith(stream.currentMessageSnapshot.content[0].text)];
    },
    gives: ['APIUserAbortError', true],
  },
  {
    name: 'a run of tools',
    replies: [reply.toolUse('get_weather', { city: 'Oslo' }), reply.text(TEXT)],
    run: async (client) => {
      const runner = client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] });
      const { content } = await runner.getFinalMessage();
      return [runner.messages[2].content[0].content, content[0].text];
    },
    gives: ['18 °C in Oslo', TEXT],
  },
  {
    name: 'an output of a known shape',
    replies: [reply.text('{"city":"Oslo"}')],
    run: (client) => {
      const schema = { type: 'object', properties: { city: { type: 'string' } } };
      const format = outputFormat(schema);
      return client.messages.stream({ ...PARAMS, output_config: { format } }).getFinalOutput();
    },
    gives: { city: 'Oslo' },
  },
  {
    name: 'passed on as a Response, whole',
    replies: [reply.text(TEXT)],
    run: (client) => MessageStream.from(client.messages.stream(PARAMS).toResponse()).getFinalText(),
    gives: TEXT,
  },
  {
    name: 'passed on as a Response, with its error',
    replies: [reply.sequence(reply.text(TEXT), reply.error('overloaded_error'))],
    run: (client) => {
      const passed = MessageStream.from(client.messages.stream(PARAMS).toResponse());
      return rejection(passed.getFinalText(), 'status');
    },
    gives: ['OverloadedError', 529],
  },
  {
    name: 'the emulator as a fetch, on this runtime',
    replies: [],
    run: (client) => {
      const { fetch } = createEmulator({ replies: [reply.text(TEXT)] });
      return client.withOptions({ fetch }).messages.stream(PARAMS).getFinalText();
    },
    gives: TEXT,
  },
];

/** Where there are servers. */
const onServers = [
  {
    name: 'the emulator as a server, on this runtime',
    replies: [],
    run: async (client) => {
      const server = await serve(createEmulator({ replies: [reply.text(TEXT)] }));
      try {
        const { messages } = client.withOptions({ baseURL: server.url });
        return await messages.stream(PARAMS).getFinalText();
      } finally {
        await server.close();
      }
    },
    gives: TEXT,
  },
];

const inBrowsers = [
  {
    name: 'refuses a key in a page',
    replies: [],
    run: async () => {
      try {
        return new Anthropic({ apiKey: 'key' });
      } catch (error) {
        const hint = 'set dangerouslyAllowBrowser: true';
        return [error instanceof AnthropicError, error.message.includes(hint)];
      }
    },
    gives: [true, true],
  },
];

const all = { everywhere, onServers, inBrowsers };

/** Every case, by its name. */
export const CASES = new Map(Object.values(all).flatMap((list) => list.map((it) => [it.name, it])));

/** The kinds of cases for a kind of runtime: `process`, `worker` or `page`. */
export const casesFor = (kind) => [
  ...everywhere,
  ...(kind === 'process' ? onServers : []),
  ...(kind === 'page' ? inBrowsers : []),
];
