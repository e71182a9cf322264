import { eventError, excerpt } from '../error-body.js';
import { addContext, asAnthropicError, StreamProtocolError } from '../errors.js';
import { isRecord } from '../json/is-record.js';
import { parseJson } from '../json/parse-json.js';
import { MessageDraft } from '../message/draft.js';
import { toMessage } from '../message/message-events.js';
import { ToolCalls } from '../message/tool-calls.js';
import type { UntypedBlock, UntypedMessage } from '../message/untyped.js';
import { toPromise } from '../pull/poll.js';
import { saidError } from '../said-error.js';
import { ByteList } from '../sse/byte-list.js';
import { type Attempt, chunks } from '../transport/body-text.js';
import { endOnAbort } from '../transport/on-abort.js';
import type { ApiRequest, RequestOptions, ResolvedOptions } from '../transport/options.js';
import type { ResponseBody, ResponseHead, TransportResponse } from '../transport/port.js';
import { RetryingRequest } from '../transport/retrying-request.js';
import { type SizeLimits, sizeLimits, tooLarge } from '../transport/size-limits.js';
import { undecodedError } from '../transport/undecoded.js';
import type { Message } from '../wire/message.js';
import type { Reading } from './reading.js';
import type { Next } from './source.js';

/**
 * A request whose response is one JSON document: a message, or what the request expects. Servers that respond
 * with an event stream all the same are read as one.
 * @param reading for such a stream.
 */
export async function sendJson<T>(
  settings: ResolvedOptions,
  call: ApiRequest,
  options: RequestOptions,
  reading: Reading,
): Promise<{ data: T; head: ResponseHead }> {
  const limits = sizeLimits(options, settings);
  const request = new RetryingRequest(settings, call, options);
  const stopListening = endOnAbort([options.signal, settings.closed], (error) =>
    request.cancel(error),
  );
  try {
    return await request.run(async (response, attempt) => ({
      data: (await answerIn(response, attempt, limits, call, reading)) as T,
      head: response.head,
    }));
  } finally {
    stopListening();
  }
}

async function answerIn(
  response: TransportResponse,
  attempt: Attempt,
  limits: SizeLimits,
  { expects }: ApiRequest,
  reading: Reading,
): Promise<unknown> {
  const { head } = response;
  if (head.header('content-type')?.includes('event-stream')) {
    return messageIn(response, attempt, limits, reading);
  }
  const text = await bodyText(response.body, attempt, limits);
  if (EVENT_STREAM.test(text))
    return messageIn({ head, body: bodyOf(text) }, attempt, limits, reading);
  const body = parsed(text, head);
  if (expects === undefined) {
    const message = toMessage(body);
    if (message !== undefined) return { ...message, content: usableBlocks(message) };
  } else if (isRecord(body) && IS_EXPECTED[expects](body)) return body;
  // Some gateways send errors with status 200.
  if (saidError(body) !== undefined) throw eventError(body, head.headers(), head.status);
  throw new StreamProtocolError(`the response is not what was asked for: ${excerpt(body)}`);
}

const IS_EXPECTED: Readonly<
  Record<NonNullable<ApiRequest['expects']>, (body: Record<string, unknown>) => boolean>
> = {
  'token count': ({ input_tokens }) => typeof input_tokens === 'number',
  page: ({ data }) => Array.isArray(data),
  object: ({ id }) => typeof id === 'string',
};

/**
 * The whole body as text, for responses that are not streams.
 * @throws StreamProtocolError where it is over the limit.
 */
export async function bodyText(
  body: ResponseBody,
  attempt: Attempt,
  limits: SizeLimits,
): Promise<string> {
  const bytes = new ByteList();
  for await (const chunk of chunks(body, attempt, 'body')) {
    if (bytes.length + chunk.length > limits.maxMessageBytes) throw tooLarge('response', limits);
    bytes.push(chunk);
  }
  return new TextDecoder().decode(bytes.take());
}

/** The same list where nothing had to be changed. What is no block stays. */
function usableBlocks({ id, content: blocks }: UntypedMessage): UntypedBlock[] {
  const calls = new ToolCalls();
  calls.messageId = id;
  const usable = blocks.map((block) => (isRecord(block) ? calls.usable(block) : block));
  return usable.every((block, index) => block === blocks[index]) ? blocks : usable;
}

const EVENT_STREAM = /^\s{0,9}(?:event|data|id|retry)?:/;

function bodyOf(text: string): TransportResponse['body'] {
  let rest: Uint8Array | null = new TextEncoder().encode(text);
  const read = (): Uint8Array | null => {
    const bytes = rest;
    rest = null;
    return bytes;
  };
  return { read, cancel: () => {}, finish: () => {} };
}

/** The message in an event stream. */
async function messageIn(
  response: TransportResponse,
  attempt: Attempt,
  limits: SizeLimits,
  { ResponseEvents, inputCode }: Reading,
): Promise<unknown> {
  const events = new ResponseEvents(response, attempt, limits, { phase: 'body' });
  const draft = new MessageDraft();
  try {
    for (;;) {
      const event = await toPromise<Next>((wake) => events.next(wake));
      if (event === undefined) return draft.snapshot;
      if (event.type === 'content_block_start') await inputCode(event);
      draft.apply(event);
    }
  } catch (error) {
    const partialMessage = draft.snapshot as Message | undefined;
    throw addContext(asAnthropicError(error), { partialMessage });
  }
}

function parsed(text: string, head: ResponseHead): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new StreamProtocolError(`the response is JSON that ${cause.message}`, { cause });
    }
    const what = `the response is not JSON: ${text.slice(0, 200)}`;
    throw undecodedError(text, head) ?? new StreamProtocolError(what, { cause });
  }
}
