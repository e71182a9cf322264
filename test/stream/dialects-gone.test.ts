import { expect, it, vi } from 'vitest';
import { APIUserAbortError } from '../../src/errors.js';
import type { AnthropicError } from '../../src/index.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import {
  blockStart,
  errorEvent,
  MESSAGE_STOP,
  messageDelta,
  messageStart,
  sse,
  textBlock,
  textDelta,
} from '../contract/wire.js';
import { failure } from './support.js';

/* A promise, so that the code can also be late. */
const chunk = vi.hoisted(() => ({ load: async (): Promise<never> => Promise.reject() }));

vi.mock('../../src/message/dialects.js', () => chunk.load());

const gone = async (): Promise<never> => {
  throw new TypeError('Failed to fetch dynamically imported module');
};

const failureOf = async (body: string): Promise<AnthropicError> =>
  (await failure(MessageStream.from(new Response(body)).getFinalMessage())) as AnthropicError;

const BEGUN = [messageStart(), blockStart(0, { type: 'text', text: '' }), textDelta(0, 'Hi')];

it.each([
  ['no stop at all', [messageDelta(), MESSAGE_STOP]],
  ['half a character', [textDelta(0, '\ud83d'), textDelta(0, '\ude00')]],
])('a stream with %s ends with an error that says so, and with what it had', async (_, events) => {
  chunk.load = gone;
  const error = await failureOf(sse(...BEGUN, ...events));
  expect(error.message).toMatch(/^the code for the events of other servers did not load: /);
  expect(error.partialMessage?.content).toMatchObject([{ text: 'Hi' }]);
});

it('a whole message as JSON needs the code too', async () => {
  chunk.load = gone;
  const error = await failureOf('{"type":"message","role":"assistant","content":[]}');
  expect(error.message).toMatch(/^the code for the events of other servers did not load: /);
});

it('streams of the API and their errors need none', async () => {
  chunk.load = gone;
  const whole = sse(messageStart(), ...textBlock(0, 'Hi'), messageDelta(), MESSAGE_STOP);
  const stream = MessageStream.from(new Response(whole));
  expect(await stream.getFinalText()).toBe('Hi');
  expect((await failureOf(sse(...BEGUN))).name).toBe('StreamTruncatedError');
  const failed = await failureOf(sse(...BEGUN, errorEvent('overloaded_error')));
  expect(failed).toMatchObject({ name: 'OverloadedError', status: 529 });
  const json = '{"type":"error","error":{"type":"overloaded_error","message":"busy"}}';
  expect((await failureOf(json)).name).toBe('OverloadedError');
});

it('a stream that is closed while its code loads has that end', async () => {
  const asked = new Promise<void>((resolve) => {
    chunk.load = () => {
      resolve();
      return new Promise(() => {});
    };
  });
  const stream = MessageStream.from(new Response(sse(...BEGUN, MESSAGE_STOP)));
  const waiting = failure(stream.getFinalMessage());
  await asked;
  stream.close();
  const error = (await waiting) as AnthropicError;
  expect(error).toBeInstanceOf(APIUserAbortError);
  expect(error.partialMessage?.content).toMatchObject([{ text: 'Hi' }]);
});
