import type {
  Anthropic as CoreClient,
  RequestOptions as CoreRequestOptions,
  MessageStream as CoreStream,
  Stream as RawStream,
  WithResponse,
} from 'millrace';
import { type Answer, APIPromise, copyResponse } from '../core/api-promise.js';
import { convertError, converting, convertingIterator } from '../core/convert-error.js';
import { AnthropicError } from '../core/error.js';
import { once } from '../core/streaming.js';
import { toCoreRequestOptions } from '../core-options.js';
import type { OpenCoreStream } from '../lib/base-message-stream.js';
import { parseMessage } from '../lib/parser.js';
import { type RequestOptions, refuseUnsupported } from '../options.js';

/** Params as both editions have them. */
export interface Params {
  stream?: boolean | null | undefined;
  [param: string]: unknown;
}

/** `messages` of millrace, of either edition. */
interface CoreMessages {
  stream(params: object, options: CoreRequestOptions): CoreStream;
  withResponse: {
    create(params: object, options: CoreRequestOptions): Promise<WithResponse<unknown>>;
    countTokens(params: object, options: CoreRequestOptions): Promise<WithResponse<unknown>>;
  };
}

/** Finds the core for a request. @throws AnthropicError for a client without a key. */
export type GetCore = (options: RequestOptions) => CoreClient;

/** What `messages` and `beta.messages` do alike; their types are in `messages-types.ts`. */
export class MessageMethods {
  readonly #getCore: GetCore;
  readonly #edition: 'messages' | 'beta';
  readonly #Streams: new (
    open: OpenCoreStream,
    params: Params,
  ) => unknown;

  constructor(
    getCore: GetCore,
    edition: 'messages' | 'beta',
    Streams: new (open: OpenCoreStream, params: Params) => unknown,
  ) {
    this.#getCore = getCore;
    this.#edition = edition;
    this.#Streams = Streams;
  }

  create(params: Params, options: RequestOptions = {}): APIPromise<unknown> {
    const body = withOutputConfig(params);
    return body?.stream ? this.#createStream(body, options) : this.#createWhole(body, options);
  }

  stream(params: Params, options: RequestOptions = {}): unknown {
    const { stream: _, ...body } = withOutputConfig(params);
    const open = (own: AbortSignal): CoreStream => {
      const [messages, core] = this.#core(options, own);
      return messages.stream(body, core);
    };
    try {
      return new this.#Streams(open, body);
    } catch (error) {
      throw convertError(error);
    }
  }

  parse(params: Params, options: RequestOptions = {}): APIPromise<unknown> {
    const body = withOutputConfig(params);
    return this.#createWhole(body, options)._thenUnwrap((message) =>
      parseMessage(message as object, body),
    );
  }

  countTokens(params: Params, options: RequestOptions = {}): APIPromise<unknown> {
    const answer = converting(async () => {
      const [messages, core] = this.#core(options);
      const body = withOutputConfig(params);
      return toAnswer(await messages.withResponse.countTokens(body, core));
    });
    return new APIPromise(answer);
  }

  #createWhole(params: Params, options: RequestOptions): APIPromise<unknown> {
    const answer = converting(async () => {
      const [messages, core] = this.#core(options);
      return toAnswer(await messages.withResponse.create(params, core));
    });
    return new APIPromise(answer);
  }

  #createStream(params: Params, options: RequestOptions): APIPromise<unknown> {
    const controller = new AbortController();
    let raw: RawStream<{ type: string }> | undefined;
    const answer = converting(async () => {
      const [messages, core] = this.#core(options, controller.signal);
      const received = toAnswer(await messages.withResponse.create(params, core));
      const data = received.data as RawStream<{ type: string }>;
      raw = data;
      const open = (): AsyncIterator<unknown> => withoutPings(data);
      return { ...received, data: once(open, controller) as unknown };
    });
    // The events are written again: what was cut ends with an `error` event.
    return new APIPromise(answer, ({ response }) =>
      copyResponse(response, raw?.toReadableStream() ?? null),
    );
  }

  #core(options: RequestOptions, own?: AbortSignal): [CoreMessages, CoreRequestOptions] {
    refuseUnsupported(options);
    const core = this.#getCore(options);
    const { messages } = this.#edition === 'beta' ? core.beta : core;
    const signals = [options?.signal, own].filter((signal) => signal instanceof AbortSignal);
    const signal = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
    // The official SDK marks requests of this edition so; gateways know it.
    const query = this.#edition === 'beta' ? { beta: true, ...options?.query } : options?.query;
    return [
      messages as unknown as CoreMessages,
      toCoreRequestOptions({ ...options, signal, query }),
    ];
  }
}

/**
 * Params with the deprecated `output_format` where the API has it now: in `output_config`.
 * @throws AnthropicError where there are both.
 */
function withOutputConfig(params: Params): Params {
  if (!params?.output_format) return params;
  const { output_format, ...rest } = params;
  const config = rest.output_config as { format?: unknown } | null | undefined;
  if (config?.format) {
    throw new AnthropicError(
      'Both output_format and output_config.format were provided. Please use only output_config.format (output_format is deprecated).',
    );
  }
  return { ...rest, output_config: { ...config, format: output_format } };
}

/** Keep-alives are no events in the official SDK. */
async function* withoutPings(
  stream: RawStream<{ type: string }>,
): AsyncGenerator<unknown, void, undefined> {
  for await (const event of convertingIterator(stream[Symbol.asyncIterator]())) {
    if (event.type !== 'ping') yield event;
  }
}

function toAnswer({ data, response, requestId }: WithResponse<unknown>): Answer<unknown> {
  return { data, response, requestId: requestId ?? null };
}
