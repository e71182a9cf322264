import { describe, expect, it } from 'vitest';
import { fault, reply } from '../../src/testing/index.js';
import {
  ENDING,
  errorEvent,
  messageStart,
  sse,
  textBlock,
  textMessage,
  toolBlock,
} from '../contract/wire.js';
import { rawServer, SEEN } from '../support/raw-server.js';
import { atOnce, served } from '../support/served.js';
import { all, BROKEN, clientOf, failure, PARAMS, RICH, RICH_TEXT, take, until } from './support.js';

describe('the text', () => {
  it.each([
    ['one block', textMessage('a', 'b'), ['a', 'b']],
    ['empty pieces', textMessage('', 'a', '', 'b', ''), ['a', 'b']],
    ['no text', [messageStart(), ...toolBlock(0, '{}'), ...ENDING], []],
    ['no content', [messageStart(), ...ENDING], []],
    [
      'several blocks',
      [
        messageStart(),
        ...textBlock(0, 'a'),
        ...toolBlock(1, '{}'),
        ...textBlock(2, 'b'),
        ...ENDING,
      ],
      ['a', 'b'],
    ],
    ['surrogate pairs in halves', textMessage('a\ud83c', '\udf24'), ['a', '\ud83c\udf24']],
  ])('of %s comes piece by piece; joined it is the final text', async (_, events, pieces) => {
    await using server = await served(atOnce(events));
    const stream = clientOf(server).messages.stream(PARAMS);
    expect(await all(stream.textStream)).toEqual(pieces);
    expect(await stream.getFinalText()).toBe(pieces.join(''));
  });

  it('for every loop is a reader of its own', async () => {
    await using server = await served(atOnce(RICH));
    const { textStream } = clientOf(server).messages.stream(PARAMS);
    const [first, second] = await Promise.all([all(textStream), all(textStream)]);
    expect([first.join(''), second.join('')]).toEqual([RICH_TEXT, RICH_TEXT]);
    expect(await all(textStream)).toEqual([RICH_TEXT]);
  });

  it('is followed by the error', async () => {
    await using server = await served(atOnce(BROKEN));
    const { seen, error } = await until(clientOf(server).messages.stream(PARAMS).textStream);
    expect(seen).toEqual(['It is ', '21 °C']);
    expect(error).toMatchObject({ name: 'OverloadedError' });
  });
});

describe('getFinal…', () => {
  it('asked for often, and before the end, gives the one message', async () => {
    await using server = await served(atOnce(RICH));
    const stream = clientOf(server).messages.stream(PARAMS);
    const messages = await Promise.all([stream.getFinalMessage(), stream.getFinalMessage()]);
    expect(messages[0]).toBe(messages[1]);
    expect(await stream.getFinalMessage()).toBe(messages[0]);
    expect(await stream.untilDone()).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  it('in a loop reads what is left, and the loop still sees all', async () => {
    await using server = await served(atOnce(RICH));
    const stream = clientOf(server).messages.stream(PARAMS);
    let text = '';
    for await (const piece of stream.textStream) {
      text += piece;
      expect(await stream.getFinalText()).toBe(RICH_TEXT);
    }
    expect(text).toBe(RICH_TEXT);
  });

  it('rejects with the error that the stream ended with', async () => {
    await using server = await served(atOnce(BROKEN));
    const stream = clientOf(server).messages.stream(PARAMS);
    const errors = await Promise.all(
      [stream.getFinalMessage(), stream.getFinalText(), stream.untilDone()].map(failure),
    );
    expect(new Set(errors).size).toBe(1);
    expect(errors[0]).toMatchObject({ name: 'OverloadedError' });
  });
});

describe('response, requestId and connect()', () => {
  it('are there with the headers, before the first event', async () => {
    await using server = await rawServer({
      body: [SEEN, sse(...RICH)],
      headers: { 'x-mine': '1' },
    });
    const stream = clientOf(server).messages.stream(PARAMS);
    expect(stream.requestId).toBeUndefined();
    expect(await stream.connect()).toBe(stream);
    expect(stream.requestId).toBe('req_test');
    const response = await stream.response;
    expect([response.status, response.headers.get('x-mine')]).toEqual([200, '1']);
    expect(stream.currentMessageSnapshot).toBeUndefined();
    (await server.exchange()).seen();
    expect(await stream.getFinalText()).toBe(RICH_TEXT);
    expect((await stream.response).headers.get('x-mine')).toBe('1');
    expect(server.exchanges).toHaveLength(1);
  });

  it('reject with what the readers get', async () => {
    const body = JSON.stringify(errorEvent('invalid_request_error'));
    await using server = await served(reply.raw(400, { 'request-id': 'req_test' }, [body]));
    const stream = clientOf(server).messages.stream(PARAMS);
    const error = await failure(stream.connect());
    expect(error).toMatchObject({ name: 'BadRequestError', status: 400, requestId: 'req_test' });
    expect(await failure(stream.response)).toBe(error);
    expect(await failure(stream.getFinalMessage())).toBe(error);
    expect((await until(stream)).error).toBe(error);
    expect(server.requests).toHaveLength(1);
  });

  it('send one request, however many ask at once', async () => {
    await using server = await served(atOnce(RICH));
    const stream = clientOf(server).messages.stream(PARAMS);
    await Promise.all([stream.connect(), stream.response, stream.connect(), all(stream)]);
    expect(server.requests).toHaveLength(1);
  });
});

describe('await using', () => {
  it('closes a stream that is not finished', async () => {
    const stalled = reply.faulty(atOnce(RICH.slice(0, 5)), fault.leftOpen());
    await using server = await served(stalled);
    {
      await using stream = clientOf(server).messages.stream(PARAMS);
      await take(stream[Symbol.asyncIterator](), 3);
    }
    expect(await (await server.waitForRequest()).ended).toBe('left');
  });

  it('leaves a finished one as it is', async () => {
    await using server = await served(atOnce(RICH));
    const stream = clientOf(server).messages.stream(PARAMS);
    {
      await using mine = stream;
      await mine.untilDone();
    }
    expect(await stream.getFinalText()).toBe(RICH_TEXT);
  });
});

it('a message that is complete lets its connection be used again', async () => {
  await using server = await rawServer({ body: [sse(...RICH)] });
  const client = clientOf(server);
  for (let i = 0; i < 3; i++) await client.messages.stream(PARAMS).getFinalMessage();
  const [first, ...others] = server.exchanges.map(({ port }) => port);
  expect(others).toEqual([first, first]);
});
