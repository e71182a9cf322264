import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import Anthropic, {
  APIConnectionError,
  APIUserAbortError,
  AuthenticationError,
  OverloadedError,
} from '../../packages/anthropic-sdk/src/index.js';
import { Stream } from '../../packages/anthropic-sdk/src/streaming.js';
import { fault, reply } from '../../src/testing/index.js';
import { emulated, failure, PARAMS } from './support.js';

const STREAM = { ...PARAMS, stream: true as const };

async function typesOf(stream: AsyncIterable<{ type: string }>): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of stream) types.push(type);
  return types;
}

const WHOLE = [
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
];

describe('messages.create', () => {
  it('resolves with the message and its request id', async () => {
    const { client } = emulated([reply.text('Hello')]);
    const message = await client.messages.create(PARAMS);
    expect(message.content).toMatchObject([{ type: 'text', text: 'Hello' }]);
    expect(message._request_id).toMatch(/^req_/);
    expect(Object.keys(message)).not.toContain('_request_id');
    expectTypeOf(message.content[0]).not.toBeAny();
  });

  it('has the response', async () => {
    const { client } = emulated([reply.text('Hello')]);
    const { data, response, request_id } = await client.messages.create(PARAMS).withResponse();
    expect(data.role).toBe('assistant');
    expect(response.status).toBe(200);
    expect(response.headers.get('request-id')).toBe(request_id);
  });

  it('has an unread response', async () => {
    const { client } = emulated([reply.text('Hello')]);
    const response = await client.messages.create(PARAMS).asResponse();
    expect(await response.json()).toMatchObject({ role: 'assistant' });
  });

  it('streams', async () => {
    const { client } = emulated([reply.text('Hello')]);
    const stream = await client.messages.create(STREAM);
    expect(stream).toBeInstanceOf(Stream);
    expect(await typesOf(stream)).toEqual(WHOLE);
    expect(() => stream[Symbol.asyncIterator]()).toThrow(/^Cannot iterate over a consumed stream/);
  });

  it('has the events of a stream as an unread response', async () => {
    const { client } = emulated([reply.text('Hello')]);
    const response = await client.messages.create(STREAM).asResponse();
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    const again = Stream.fromSSEResponse<{ type: string }>(response, new AbortController());
    expect(await typesOf(again)).toEqual(WHOLE);
  });

  it('ends an unread response of a cut stream with an error event', async () => {
    const { client } = emulated([reply.faulty(reply.text('Hello'), fault.cut({ phase: 'text' }))]);
    const response = await client.messages.create(STREAM).asResponse();
    expect(await response.text()).toMatch(/event: error\n/);
  });

  it('throws for a stream that is cut', async () => {
    const { client } = emulated([reply.faulty(reply.text('Hello'), fault.cut({ phase: 'text' }))]);
    const stream = await client.messages.create(STREAM);
    const error = await failure(typesOf(stream));
    expect(error).toBeInstanceOf(APIConnectionError);
    expect(error.cause).toHaveProperty('name', 'StreamTruncatedError');
  });

  it('ends with an error where its controller aborts', async () => {
    const { client } = emulated([
      reply.faulty(reply.text('Hello'), fault.stall({ phase: 'text' })),
    ]);
    const stream = await client.messages.create(STREAM);
    const reading = failure(typesOf(stream));
    stream.controller.abort();
    expect(await reading).toBeInstanceOf(APIUserAbortError);
  });

  it('makes two streams of one', async () => {
    const { client } = emulated([reply.text('Hello')]);
    const [left, right] = (await client.messages.create(STREAM)).tee();
    expect(await Promise.all([typesOf(left), typesOf(right)])).toEqual([WHOLE, WHOLE]);
  });

  it('goes through lines of JSON and back', async () => {
    const { client } = emulated([reply.text('Hello')]);
    const lines = (await client.messages.create(STREAM)).toReadableStream();
    const again = Stream.fromReadableStream<{ type: string }>(lines, new AbortController());
    expect(await typesOf(again)).toEqual(WHOLE);
  });

  it('parses what a format says', async () => {
    const { client } = emulated([reply.text('{"a":1}')]);
    const format = {
      type: 'json_schema' as const,
      schema: {},
      parse: (text: string) => JSON.parse(text) as { a: number },
    };
    const message = await client.messages.parse({ ...PARAMS, output_config: { format } });
    expect(message.parsed_output).toEqual({ a: 1 });
    expectTypeOf(message.parsed_output).toEqualTypeOf<{ a: number } | null>();
    expect(message.content[0]).toHaveProperty('parsed_output', { a: 1 });
    expect(JSON.stringify(message.content[0])).not.toMatch('parsed_output');
  });

  it('sends a deprecated output_format in output_config', async () => {
    const { client, emulator } = emulated([reply.text('{"a":1}')]);
    const schema = { type: 'object', additionalProperties: false };
    const output_format = { type: 'json_schema' as const, schema };
    await client.beta.messages.create({ ...PARAMS, output_format } as typeof PARAMS);
    expect(emulator.requests[0]?.body).toMatchObject({ output_config: { format: output_format } });
    expect(emulator.requests[0]?.body).not.toHaveProperty('output_format');
  });

  it('takes one format only', () => {
    const { client } = emulated([]);
    const format = { type: 'json_schema' as const, schema: {} };
    const both = { ...PARAMS, output_format: format, output_config: { format } };
    expect(() => client.beta.messages.parse(both)).toThrow(/^Both output_format and/);
  });

  it('marks the requests of the beta edition', async () => {
    const { client, emulator } = emulated([reply.text('Hello')]);
    const fetch = vi.fn(emulator.fetch);
    await client.withOptions({ fetch }).beta.messages.create(PARAMS);
    expect(fetch.mock.calls[0]?.[0]).toMatch(/\/v1\/messages\?beta=true$/);
  });

  it('counts tokens', async () => {
    const { client } = emulated([]);
    const { model, messages } = PARAMS;
    expect((await client.messages.countTokens({ model, messages })).input_tokens).toBeGreaterThan(
      0,
    );
    expect(
      (await client.beta.messages.countTokens({ model, messages })).input_tokens,
    ).toBeGreaterThan(0);
  });
});

describe('errors', () => {
  it('have the official classes, fields and wording', async () => {
    const { client } = emulated([reply.error(529)]);
    const error = (await failure(client.messages.create(PARAMS))) as OverloadedError;
    expect(error).toBeInstanceOf(OverloadedError);
    expect(error).toBeInstanceOf(Anthropic.APIError);
    expect(error).toBeInstanceOf(Anthropic.InternalServerError);
    expect(error).toMatchObject({
      status: 529,
      type: 'overloaded_error',
      apiMessage: 'Overloaded',
    });
    expect(error.message).toMatch(/^529 \{"type":"error","error":\{"type":"overloaded_error"/);
    expect(error.requestID).toMatch(/^req_/);
  });

  it('of an event in a stream have the status of their type', async () => {
    const overloaded = fault.error('overloaded_error', { phase: 'text' });
    const { client } = emulated([reply.faulty(reply.text('Hello'), overloaded)]);
    const error = await failure(client.messages.stream(PARAMS).finalMessage());
    expect(error).toBeInstanceOf(OverloadedError);
    expect(error).toHaveProperty('partialMessage.role', 'assistant');
  });

  it('of a wrong key', async () => {
    const { client } = emulated([reply.error(401)]);
    expect(await failure(client.beta.messages.create(PARAMS))).toBeInstanceOf(AuthenticationError);
  });

  it('of a signal', async () => {
    const { client } = emulated([reply.text('Hello')]);
    const error = await failure(client.messages.create(PARAMS, { signal: AbortSignal.abort() }));
    expect(error).toBeInstanceOf(APIUserAbortError);
    expect(error.message).toBe('Request was aborted.');
  });

  it.each([
    [400, undefined, Anthropic.BadRequestError, '400 status code (no body)'],
    [
      404,
      { error: { type: 'not_found_error' } },
      Anthropic.NotFoundError,
      '404 {"error":{"type":"not_found_error"}}',
    ],
    [418, { message: 'tea' }, Anthropic.APIError, '418 tea'],
    [503, undefined, Anthropic.ServiceUnavailableError, '503 status code (no body)'],
    [599, undefined, Anthropic.InternalServerError, '599 status code (no body)'],
  ])('are generated from the status %i', (status, body, Class, message) => {
    const error = Anthropic.APIError.generate(status, body, undefined, new Headers());
    expect(error).toBeInstanceOf(Class);
    expect(error).toMatchObject({ status, message });
  });

  it('are connection errors where there was no response', () => {
    const cause = new Error('refused');
    const error = Anthropic.APIError.generate(undefined, cause, undefined, undefined);
    expect(error).toBeInstanceOf(APIConnectionError);
    expect(error.cause).toBe(cause);
  });
});
