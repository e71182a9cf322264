import { describe, expect, it } from 'vitest';
import {
  Anthropic,
  type AnthropicError,
  MessageStream,
  type ToResponseOptions,
} from '../../src/index.js';
import { createEmulator, fault, reply } from '../../src/testing/index.js';
import { MESSAGE_STOP, messageDelta, messageStart, sse } from '../contract/wire.js';
import { failure, PARAMS } from './support.js';

const REPLY = reply.sequence(
  reply.thinking('secret thoughts'),
  reply.text('Hello there.'),
  reply.serverTool('web_search', { query: 'secret query' }, [
    { type: 'web_search_result', title: 'secret result', url: 'https://a.example' },
  ]),
  reply.toolUse('f', { key: 'secret input' }),
);

async function passedOn(options: ToResponseOptions) {
  const emulator = createEmulator({ replies: () => REPLY });
  const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch });
  const stream = client.messages.stream(PARAMS);
  const [body, whole] = await Promise.all([
    stream.toResponse(options).text(),
    stream.getFinalMessage(),
  ]);
  const message = await MessageStream.from(new Response(body)).getFinalMessage();
  return { body, whole, message };
}

describe('toResponse({ expose })', () => {
  it('passes everything on by default', async () => {
    const { body, whole, message } = await passedOn({});
    expect(message).toEqual(whole);
    for (const part of ['thoughts', 'query', 'secret result', 'input'])
      expect(body).toContain(part);
  });

  it.each<[option: string, expose: ToResponseOptions['expose'], gone: RegExp, stays: RegExp]>([
    ['thinking', { thinking: false }, /thoughts|"signature":"[^"]/, /query/],
    ['toolInputs', { toolInputs: false }, /query|"key|input"?\}/, /thoughts/],
    ['toolResults', { toolResults: false }, /secret result/, /query/],
    ['usage', { usage: false }, /"output_tokens":[1-9]/, /thoughts/],
  ])('leaves out %s, and keeps the blocks in their places', async (_, expose, gone, stays) => {
    const { body, whole, message } = await passedOn({ expose });
    expect(body).not.toMatch(gone);
    expect(body).toMatch(stays);
    expect(message.content.map(({ type }) => type)).toEqual(whole.content.map(({ type }) => type));
    expect(message.stop_reason).toBe('tool_use');
  });

  it('leaves it out of the blocks that a message starts with', async () => {
    const content = [
      { type: 'thinking', thinking: 'secret', signature: 'secret' },
      { type: 'text', text: 'Hello' },
      { type: 'tool_use', id: 'toolu_1', name: 'f', input: { key: 'secret' } },
    ];
    const body = sse(
      messageStart({ content }),
      messageDelta({ stop_reason: 'tool_use' }),
      MESSAGE_STOP,
    );
    const expose = { thinking: false, toolInputs: false };
    const shown = await MessageStream.from(new Response(body)).toResponse({ expose }).text();
    expect(shown).toContain('Hello');
    expect(shown).not.toContain('secret');
  });

  it.each<[what: string, expose: unknown, advice: string]>([
    ['that does not exist', { toolInput: false }, "did you mean 'toolInputs'?"],
    ['that is no boolean', { thinking: 'no' }, 'pass true or false'],
  ])('refuses an option %s: it would hide nothing', (_, expose, advice) => {
    const stream = MessageStream.from(new Response(''));
    expect(() => stream.toResponse({ expose: expose as object })).toThrow(advice);
  });

  it('for a late reader too', async () => {
    const emulator = createEmulator({ replies: () => REPLY });
    const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch });
    const stream = client.messages.stream(PARAMS);
    await stream.untilDone();
    const late = await stream.toResponse({ expose: { thinking: false } }).text();
    expect(late).not.toContain('thoughts');
    expect(late).toContain('input');
  });
});

describe('toResponse({ error })', () => {
  const offline = () =>
    new Anthropic({
      apiKey: () => {
        throw new Error('vault said: token abcdefgh');
      },
      maxRetries: 0,
    }).messages.stream(PARAMS);
  const refused = () =>
    new Anthropic({
      apiKey: 'key',
      maxRetries: 0,
      fetch: createEmulator({ replies: [REPLY], faults: [fault.status(401)] }).fetch,
    }).messages.stream(PARAMS);
  const received = async (response: Response): Promise<AnthropicError> =>
    (await failure(MessageStream.from(response).getFinalMessage())) as AnthropicError;

  it('by default sends a fixed text for a client-side failure', async () => {
    const body = await offline().toResponse().text();
    expect(body).not.toMatch(/vault|token/);
    expect(body).toContain('the server could not handle the request');
  });

  it('by default passes an API error on as received; httpStatus tells whose it is', async () => {
    const error = await received(refused().toResponse());
    expect(error).toMatchObject({ name: 'AuthenticationError', status: 401, httpStatus: 200 });
    const own = await received(new Response('no', { status: 401 }));
    expect(own).toMatchObject({ name: 'AuthenticationError', status: 401, httpStatus: 401 });
  });

  it.each<[what: string, error: ToResponseOptions['error'], text: string]>([
    ['a string is the text', () => 'try again later', 'try again later'],
    ['the error is sent as it is', (error) => error, 'apiKey() failed: vault said'],
    ['undefined is the default', () => undefined, 'the server could not handle the request'],
    [
      'one that throws is the default',
      () => {
        throw Object.create(null);
      },
      'the server could not handle the request',
    ],
  ])('%s', async (_, error, text) => {
    expect((await received(offline().toResponse({ error }))).message).toContain(text);
  });
});
