import { AnthropicError, asAnthropicError } from '../../errors.js';
import type { UntypedEvent } from '../../message/untyped.js';
import { markHandled } from '../../pull/mark-handled.js';
import { encodeEvent } from '../../sse/encode.js';
import { exposedBlock, exposing } from '../../stream/expose.js';
import { keepAlive } from '../../stream/keep-alive.js';
import type { MessageStream } from '../../stream/message-stream.js';
import { type NodeResponse, pipeTo } from '../../stream/pipe-to.js';
import {
  checkServeOptions,
  sseResponse,
  type Texts,
  type ToResponseOptions,
} from '../../stream/sse-response.js';
import { clientErrorBody } from '../../stream/write-events.js';
import type { Run } from '../../tools/run.js';
import type { BetaMessage } from '../../wire/beta.js';
import type { Message } from '../../wire/message.js';
import type { UIMessageChunk } from './chunks.js';
import { UiMapper } from './ui-mapper.js';

/** What can be shown by `useChat`: a stream, a tool runner, or a run that is read from elsewhere. */
export type UISource =
  | MessageStream
  | MessageStream<BetaMessage>
  // biome-ignore lint/suspicious/noExplicitAny: whatever its streams parse.
  | Run<Message, any>
  // biome-ignore lint/suspicious/noExplicitAny: the same.
  | Run<BetaMessage, any>;

/** Options of a UI message stream: those of a Response, and what is passed on. */
export interface UIStreamOptions extends ToResponseOptions {
  /** The id of the UI message. Default: that of the first message of the API. */
  messageId?: string | undefined;
  /** Metadata of the UI message, in its `finish` chunk. Default: `{ usage }`. */
  messageMetadata?: ((source: { usage: unknown }) => unknown) | undefined;
}

/**
 * A stream or a run for the AI SDK's `useChat` and its other readers: a UI message stream, protocol v1. Errors
 * are masked as in `toResponse()`.
 *
 * Without a source it is a response with status 204: what `useChat({ resume: true })` wants where there is
 * nothing to resume.
 * @throws AnthropicError for an invalid option.
 */
export function toUIMessageStreamResponse(
  source: UISource | undefined,
  options: UIStreamOptions = {},
): Response {
  if (source === undefined) return new Response(null, { status: 204 });
  const {
    error: _1,
    expose: _2,
    onDisconnect: _3,
    messageId: _4,
    messageMetadata: _5,
    ...init
  } = options;
  return sseResponse(texts(source, options), withHeaders(init));
}

/**
 * The same for a ServerResponse of Node. Resolves when all is written, or the client has disconnected.
 * @throws AnthropicError (rejects) where the headers are sent already, or for an invalid option.
 */
export async function pipeUIMessageStreamToResponse(
  source: UISource,
  response: NodeResponse,
  options: UIStreamOptions = {},
): Promise<void> {
  await pipeTo(texts(source, options), response, withHeaders(options));
}

/**
 * The chunks themselves, for `readUIMessageStream` and `createUIMessageStream` of the AI SDK.
 * @throws AnthropicError for an invalid option.
 */
export function toUIMessageStream(
  source: UISource,
  options: UIStreamOptions = {},
): ReadableStream<UIMessageChunk> {
  const chunks = chunksOf(source, options);
  return new ReadableStream<UIMessageChunk>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

function withHeaders<I extends ResponseInit>(init: I): I {
  const headers = new Headers(init.headers);
  headers.set('x-vercel-ai-ui-message-stream', 'v1');
  return { ...init, headers };
}

function texts(source: UISource, options: UIStreamOptions): Texts {
  const chunks = chunksOf(source, options);
  let isDone = false;
  const encoded: Texts = {
    async next() {
      if (isDone) return END;
      const { done, value } = await chunks.next();
      isDone = done === true;
      const data = done ? '[DONE]' : JSON.stringify(value);
      return { done: false, value: encodeEvent({ event: '', data }) };
    },
    async return() {
      await chunks.return?.();
      return END;
    },
  };
  // A comment: each event must be a chunk.
  return keepAlive(encoded, ': keep-alive\n\n');
}

const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/** The chunks of a source. It never throws: a failure is the last chunk. */
function chunksOf(
  source: UISource,
  { error: mapError, expose = {}, onDisconnect, messageId, messageMetadata }: UIStreamOptions,
): AsyncIterator<UIMessageChunk, undefined> {
  // By its members: a bundle may have classes of its own.
  if (typeof source?.servedEvents !== 'function') {
    throw new AnthropicError(
      'this is no stream: write toUIMessageStreamResponse(client.messages.stream(params))',
    );
  }
  checkServeOptions({ expose, onDisconnect });
  const events: AsyncIterator<UntypedEvent, undefined> = source.servedEvents(exposing(expose));
  const usageOf = (): unknown =>
    'usage' in source ? source.usage : source.currentMessageSnapshot?.usage;
  const metadata = (): unknown => {
    const usage = expose.usage === false ? undefined : usageOf();
    if (messageMetadata !== undefined) return messageMetadata({ usage });
    return usage === undefined ? undefined : { usage };
  };
  const mapper = new UiMapper({ messageId, metadata, show: exposedBlock(expose) });
  const ready: UIMessageChunk[] = [];
  let isEnded = false;
  const step = async (): Promise<void> => {
    try {
      const { done, value } = await events.next();
      isEnded = done === true;
      ready.push(...(done ? mapper.end() : mapper.event(value)));
    } catch (thrown) {
      isEnded = true;
      ready.push(...mapper.failed(clientErrorBody(asAnthropicError(thrown), mapError)));
    }
  };
  return {
    async next() {
      while (ready.length === 0 && !isEnded) await step();
      const chunk = ready.shift();
      return chunk === undefined ? END : { done: false, value: chunk };
    },
    async return() {
      // First: once it is read elsewhere, it stays open.
      if (onDisconnect === 'continue') markHandled(source.untilDone());
      isEnded = true;
      ready.length = 0;
      await events.return?.();
      return END;
    },
  };
}
