import { describe, expect, it } from 'vitest';
import { AnthropicError, APIConnectionError, StreamProtocolError } from '../../src/errors.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import { Stream } from '../../src/stream/stream.js';
import { SyncMessageStream } from '../../src/sync/sync-message-stream.js';
import { SyncStream } from '../../src/sync/sync-stream.js';
import { errorEvent, sse, textMessage } from '../contract/wire.js';
import { all, RICH, RICH_TEXT } from '../stream/support.js';

const TEXT = sse(...RICH);
const BYTES = new TextEncoder().encode(TEXT);

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** What a call throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('SyncMessageStream.from()', () => {
  it.each<[what: string, bytes: Parameters<typeof SyncMessageStream.from>[0]]>([
    ['a string', TEXT],
    ['a Uint8Array', BYTES],
    ['a Buffer', Buffer.from(TEXT)],
    ['an array of chunks', [...cut(BYTES, 61)]],
    ['a generator of single bytes', cut(BYTES, 1)],
  ])('reads %s', async (_, bytes) => {
    const stream = SyncMessageStream.from(bytes);
    const events = [...stream];
    expect(events).toEqual(await all(MessageStream.from(new Response(TEXT))));
    expect(stream.getFinalText()).toBe(RICH_TEXT);
    expect([...stream.textStream].join('')).toBe(RICH_TEXT);
    expect([stream.response.status, stream.requestId]).toEqual([200, undefined]);
    expect(stream.attempts).toMatchObject([{ kind: 'request', outcome: 'complete' }]);
  });

  it('has listeners', () => {
    const stream = SyncMessageStream.from(TEXT);
    const heard: unknown[] = [];
    stream.on('connect', ({ status }) => void heard.push(status));
    stream.on('text', (delta) => void heard.push(delta));
    stream.untilDone();
    expect(heard).toEqual([200, 'It is ', '21 °C', ' 🌤']);
  });

  it.each([
    ['cut in the middle', sse(...textMessage('Hello')).slice(0, 300)],
    ['an error event', sse(...textMessage('Hello').slice(0, 4), errorEvent('overloaded_error'))],
    ['bad JSON', 'event: message_start\ndata: {\n\n'],
    ['nothing', ''],
    ['HTML', '<html>'],
    ['an error body', JSON.stringify(errorEvent('overloaded_error'))],
  ])('fails for %s as MessageStream.from() does', async (_, body) => {
    const theirs = MessageStream.from(new Response(body).body as ReadableStream<Uint8Array>);
    const expected = await theirs.getFinalMessage().catch((error) => error);
    const stream = SyncMessageStream.from(body);
    const error = thrownBy(() => stream.getFinalMessage()) as AnthropicError;
    expect([error.name, error.message]).toEqual([expected.name, expected.message]);
    expect(error.partialMessage).toEqual(expected.partialMessage);
    expect(thrownBy(() => [...stream])).toBe(error);
  });

  it('reads what toResponse() passed on, errors too', async () => {
    const events = sse(...textMessage('Hello').slice(0, 4), errorEvent('overloaded_error'));
    const passedOn = MessageStream.from(new Response(events)).toResponse();
    const stream = SyncMessageStream.from(await passedOn.text());
    expect(thrownBy(() => stream.untilDone())).toMatchObject({ name: 'OverloadedError' });
    expect(stream.currentMessageSnapshot?.content).toEqual([{ type: 'text', text: 'Hello' }]);
  });

  it('reads on demand, and leaves the chunks when its reader leaves', () => {
    let read = 0;
    let left = 0;
    function* chunks(): Generator<Uint8Array> {
      try {
        for (const chunk of cut(BYTES, 40)) {
          read++;
          yield chunk;
        }
      } finally {
        left++;
      }
    }
    const stream = SyncMessageStream.from(chunks());
    expect(read).toBe(0);
    for (const _ of stream) break;
    expect([read > 0, read < 10, left]).toEqual([true, true, 1]);
    expect(thrownBy(() => stream.untilDone())).toMatchObject({ name: 'APIUserAbortError' });
  });

  it('keeps what came where the chunks fail', () => {
    const cause = new Error('the disk is gone');
    function* chunks(): Generator<Uint8Array> {
      yield new TextEncoder().encode(sse(...textMessage('Hello').slice(0, 4)));
      throw cause;
    }
    const stream = SyncMessageStream.from(chunks());
    const error = thrownBy(() => stream.getFinalText());
    expect(error).toBeInstanceOf(APIConnectionError);
    expect(error).toMatchObject({ cause, partialMessage: { content: [{ text: 'Hello' }] } });
  });

  it.each([{ maxEventBytes: 64 }, { maxMessageBytes: 64 }])('has limits: %j', (options) => {
    expect(thrownBy(() => SyncMessageStream.from(TEXT, options).untilDone())).toBeInstanceOf(
      StreamProtocolError,
    );
  });
});

describe('SyncStream.rawEvents()', () => {
  it.each([1, 7, 4096])(
    'gives what Stream.rawEvents() gives, in pieces of %i bytes',
    async (size) => {
      const text = `: a comment\n\n${TEXT}event: last\ndata: without a blank line`;
      const bytes = new TextEncoder().encode(text);
      const expected = await all(Stream.rawEvents(new Response(text)));
      expect(expected.at(-1)?.event).toBe('last');
      expect([...SyncStream.rawEvents(cut(bytes, size))]).toEqual(expected);
      expect([...SyncStream.rawEvents(text)]).toEqual(expected);
    },
  );

  it('has a limit', () => {
    expect(() => [...SyncStream.rawEvents(TEXT, { maxEventBytes: 64 })]).toThrow(
      StreamProtocolError,
    );
    expect(() => [...SyncStream.rawEvents(TEXT, { maxEventBytes: -1 })]).toThrow(AnthropicError);
  });
});

describe('what is not at hand is refused with the way to it', () => {
  const REFUSED: readonly [what: string, bytes: unknown][] = [
    ['a Response', new Response(TEXT)],
    ['a ReadableStream', new Response(TEXT).body],
    ['a promise', Promise.resolve(BYTES)],
    ['a number', 1],
    ['nothing', undefined],
  ];

  it.each(REFUSED)('%s', (_, bytes) => {
    for (const read of [
      () => SyncMessageStream.from(bytes as never),
      () => SyncStream.rawEvents(bytes as never).next(),
    ]) {
      expect(read).toThrow(AnthropicError);
      expect(read).toThrow(/takes bytes that are at hand.*await response\.text\(\)/);
    }
  });

  it('an option for waiting', () => {
    const options = { timeout: 1 } as object;
    expect(() => SyncMessageStream.from(TEXT, options)).toThrow(/^unknown option 'timeout'/);
  });

  it('chunks that are no bytes', () => {
    const stream = SyncMessageStream.from([1] as never);
    expect(() => stream.untilDone()).toThrow(AnthropicError);
  });
});
