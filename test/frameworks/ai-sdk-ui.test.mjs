/* millrace/ai-sdk, read by the AI SDK itself: over HTTP, through its own transport and chat. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { AbstractChat, DefaultChatTransport, readUIMessageStream } from 'ai';
import { Anthropic, tool } from 'millrace';
import {
  pipeUIMessageStreamToResponse,
  toMessageParams,
  toUIMessageStream,
  toUIMessageStreamResponse,
} from 'millrace/ai-sdk';
import { createEmulator, fault, reply } from 'millrace/testing';

const PARAMS = { model: 'claude-opus-4-8', max_tokens: 1024 };
const QUESTION = { role: 'user', content: 'What is the weather?' };
const weather = tool({
  name: 'get_weather',
  input: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  run: ({ city }) => ({ city, sky: 'blue' }),
});
const CALL = reply.sequence(
  reply.thinking('They ask for the weather.'),
  reply.text('I look.'),
  reply.toolUse('get_weather', { city: 'Oslo' }, { id: 'toolu_1' }),
);

/** What the API answers. One for all: the ids of its messages are unique. */
const answers = [];
const emulator = createEmulator({ replies: () => answers.shift() });

const runner = (replies, options, messages = [QUESTION]) => {
  answers.splice(0, Infinity, ...replies);
  const client = new Anthropic({ apiKey: 'test', maxRetries: 0, fetch: emulator.fetch });
  return client.messages.toolRunner({ ...PARAMS, messages, tools: [weather] }, options);
};

async function lastOf(messages) {
  let last;
  for await (const message of messages) last = message;
  return last;
}

describe('readUIMessageStream', () => {
  it('builds the message, from which the conversation can be sent again', async () => {
    const run = runner([CALL, reply.text('Blue.')]);
    const message = await lastOf(readUIMessageStream({ stream: toUIMessageStream(run) }));
    assert.deepEqual(
      message.parts.map(({ type }) => type),
      ['step-start', 'reasoning', 'text', 'tool-get_weather', 'step-start', 'text'],
    );
    const call = message.parts[3];
    assert.equal(call.state, 'output-available');
    assert.deepEqual(call.input, { city: 'Oslo' });
    assert.ok(message.metadata.usage.output_tokens > 0);
    const plain = (turns) =>
      turns.map(({ role, content }) => ({
        role,
        content: content.map(({ caller, citations, ...block }) => block),
      }));
    assert.deepEqual(plain(toMessageParams([message])), plain(run.messages.slice(1)));
  });

  it('takes every prefix of a stream, and a restart', async () => {
    const { MessageStream, toEvents } = await import('millrace');
    const kept = await runner([reply.text('kept')]).getFinalMessage();
    const encode = (event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
    const events = toEvents(kept);
    const restarted = [
      ...events.slice(0, -2),
      { ...events[1], index: 1 },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'gone' } },
      { type: 'millrace.restart', index: 1 },
      { ...events[1], index: 1 },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'new' } },
      { type: 'content_block_stop', index: 1 },
      ...events.slice(-2),
    ];
    const stream = MessageStream.from(new Response(restarted.map(encode).join('')));
    const message = await lastOf(readUIMessageStream({ stream: toUIMessageStream(stream) }));
    const texts = message.parts.flatMap(({ type, text }) => (type === 'text' ? text : []));
    assert.deepEqual(texts, ['kept', 'new']);
  });
});

/** The chat of the AI SDK without a framework. */
class Chat extends AbstractChat {
  constructor(init) {
    super({ ...init, state: new State() });
  }
}

class State {
  messages = [];
  status = 'ready';
  error = undefined;
  pushMessage = (message) => this.messages.push(message);
  popMessage = () => this.messages.pop();
  replaceMessage = (index, message) => {
    this.messages[index] = message;
  };
  snapshot = (value) => structuredClone(value);
}

describe('useChat, without a page', () => {
  let server;
  let api;
  let runs;
  let replies;
  let options;
  const seen = [];
  beforeEach(async () => {
    runs = new Map();
    replies = [];
    options = {};
    seen.length = 0;
    server = createServer(async (request, response) => {
      const { pathname } = new URL(request.url, 'http://localhost');
      if (request.method === 'GET') {
        const resumed = toUIMessageStreamResponse(runs.get(pathname.split('/').at(-2)));
        response.writeHead(resumed.status, Object.fromEntries(resumed.headers));
        for await (const chunk of resumed.body ?? []) response.write(chunk);
        response.end();
        return;
      }
      let body = '';
      for await (const chunk of request) body += chunk;
      const { id, messages } = JSON.parse(body);
      const params = toMessageParams(messages);
      seen.push(params);
      const run = runner(replies, options, params);
      runs.set(id, run);
      run.on('end', () => runs.delete(id));
      await pipeUIMessageStreamToResponse(run, response, { onDisconnect: 'continue' });
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    api = `http://127.0.0.1:${server.address().port}/chat`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const chatOf = (init = {}) =>
    new Chat({ id: 'one', transport: new DefaultChatTransport({ api }), ...init });

  it('turn by turn, with a tool', async () => {
    replies = [CALL, reply.text('Blue.')];
    const chat = chatOf();
    await chat.sendMessage({ text: 'What is the weather?' });
    assert.equal(chat.status, 'ready');
    replies = [reply.text('You are welcome.')];
    await chat.sendMessage({ text: 'Thanks' });
    assert.equal(chat.error, undefined);
    assert.equal(chat.messages.length, 4);
    assert.deepEqual(
      seen[1].map(({ role }) => role),
      ['user', 'assistant', 'user', 'assistant', 'user'],
    );
  });

  it('an approval', async () => {
    replies = [CALL, reply.text('Blue.')];
    options = { approve: 'ask' };
    const chat = chatOf();
    const sent = chat.sendMessage({ text: 'What is the weather?' });
    const asked = () =>
      chat.lastMessage?.parts?.find(({ state }) => state === 'approval-requested');
    while (asked() === undefined) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(runs.get('one').decide(asked().approval.id, true), true);
    await sent;
    const call = chat.lastMessage.parts.find(({ type }) => type === 'tool-get_weather');
    assert.equal(call.state, 'output-available');
    assert.equal(call.approval.approved, true);
  });

  it('an error, after the text before it', async () => {
    replies = [reply.faulty(reply.text('Once upon a time'), fault.cut({ phase: 'text' }))];
    const chat = chatOf();
    await chat.sendMessage({ text: 'Tell me a story' });
    assert.equal(chat.status, 'error');
    assert.equal(chat.error.message, 'the response of the API ended before its message did');
    assert.match(JSON.stringify(chat.lastMessage.parts), /Once/);
  });

  it('a reload resumes where it was; 204 afterwards', async () => {
    replies = [CALL, reply.text('Blue.')];
    options = { approve: 'ask' };
    const first = chatOf();
    void first.sendMessage({ text: 'What is the weather?' });
    const asked = (chat) =>
      chat.lastMessage?.parts?.find(({ state }) => state === 'approval-requested');
    while (asked(first) === undefined) await new Promise((resolve) => setImmediate(resolve));
    await first.stop();
    const second = chatOf();
    const resumed = second.resumeStream();
    while (asked(second) === undefined) await new Promise((resolve) => setImmediate(resolve));
    runs.get('one').decide(asked(second).approval.id, true);
    await resumed;
    assert.match(JSON.stringify(second.lastMessage.parts), /Blue/);
    assert.equal(
      await new DefaultChatTransport({ api }).reconnectToStream({ chatId: 'one' }),
      null,
    );
  });
});
