import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';
import { APIUserAbortError } from '../../errors.js';
import type { UntypedEvent } from '../../message/untyped.js';
import type { MessageStream } from '../../stream/message-stream.js';
import type { BetaMessage } from '../../wire/beta.js';
import { type CallParams, callParams } from './call-params.js';
import { citedDocuments } from './citations.js';
import { StreamParts } from './stream-parts.js';
import { toContent } from './to-content.js';

/** Opens a stream, with its betas. */
export type OpenCall = (
  call: CallParams,
  options: { signal?: AbortSignal; extraHeaders?: Record<string, string> },
) => MessageStream<BetaMessage>;

type Part = LanguageModelV4StreamPart;

/** A model of the Claude Messages API for the AI SDK, over a client of millrace. */
export class MillraceLanguageModel implements LanguageModelV4 {
  readonly specificationVersion = 'v4';
  readonly provider = 'millrace';
  readonly modelId: string;
  /** The API fetches these itself. */
  readonly supportedUrls: Record<string, RegExp[]> = {
    'image/*': [/^https?:\/\/.*$/],
    'application/pdf': [/^https?:\/\/.*$/],
  };
  readonly #open: OpenCall;

  constructor(modelId: string, open: OpenCall) {
    this.modelId = modelId;
    this.#open = open;
  }

  /**
   * The parts of an answer as they arrive. A failure before the first event rejects; a later one is an `error`
   * part, the last: an answer that is cut off has no `finish`.
   */
  async doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const { call, stream, events, first } = await this.#begin(options);
    const parts = this.#parts(call, options, { events, first });
    return {
      stream: toReadable(parts, options.abortSignal),
      request: { body: call.params },
      response: { headers: headersOf(await stream.response) },
    };
  }

  /** The answer as a whole. It is streamed under the hood, so no connection is silent for long. */
  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const { call, stream, events, first } = await this.#begin(options);
    const parts: Part[] = [];
    try {
      for await (const part of this.#parts(call, options, { events, first })) parts.push(part);
    } catch (error) {
      throw aborted(error, options.abortSignal);
    }
    const finish = parts.find((part) => part.type === 'finish') as Extract<
      Part,
      { type: 'finish' }
    >;
    const { type: _, ...ending } = finish;
    const { id, model } = await stream.getFinalMessage();
    return {
      content: toContent(parts),
      ...ending,
      warnings: call.warnings,
      request: { body: call.params },
      response: { id, modelId: model, headers: headersOf(await stream.response) },
    };
  }

  async #begin(options: LanguageModelV4CallOptions) {
    const call = callParams(this.modelId, options);
    const { abortSignal, headers } = options;
    const stream = this.#open(call, {
      ...(abortSignal && { signal: abortSignal }),
      ...(headers && { extraHeaders: definedOnly(headers) }),
    });
    const events = stream[Symbol.asyncIterator]() as unknown as AsyncIterableIterator<UntypedEvent>;
    try {
      return { call, stream, events, first: await events.next() };
    } catch (error) {
      throw aborted(error, abortSignal);
    }
  }

  async *#parts(
    { names, warnings }: CallParams,
    { prompt, includeRawChunks }: LanguageModelV4CallOptions,
    { events, first }: { events: AsyncIterator<UntypedEvent>; first: IteratorResult<UntypedEvent> },
  ): AsyncGenerator<Part, void> {
    const parts = new StreamParts(names, citedDocuments(prompt));
    yield { type: 'stream-start', warnings };
    try {
      for (let next = first; !next.done; next = await events.next()) {
        if (includeRawChunks) yield { type: 'raw', rawValue: next.value };
        yield* parts.event(next.value);
      }
    } finally {
      await events.return?.();
    }
  }
}

/** Parts on demand. What the caller aborts breaks off with the reason of the signal, as the AI SDK wants it. */
function toReadable(
  parts: AsyncGenerator<Part, void>,
  signal: AbortSignal | undefined,
): ReadableStream<Part> {
  return new ReadableStream<Part>(
    {
      async pull(controller) {
        try {
          const { done, value } = await parts.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          const reason = aborted(error, signal);
          if (reason !== error) return controller.error(reason);
          controller.enqueue({ type: 'error', error });
          controller.close();
        }
      },
      async cancel() {
        await parts.return();
      },
    },
    { highWaterMark: 0 },
  );
}

function aborted(error: unknown, signal: AbortSignal | undefined): unknown {
  return error instanceof APIUserAbortError && signal?.aborted ? signal.reason : error;
}

function headersOf({ headers }: Response): Record<string, string> {
  return Object.fromEntries(headers);
}

function definedOnly(headers: Record<string, string | undefined>): Record<string, string> {
  const defined = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as Record<string, string>;
}
