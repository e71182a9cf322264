import { type OutputFormat, outputFormatIn } from '../output/output-format.js';
import type { OutputMessageStream } from '../output/output-message-stream.js';
import { toPromise } from '../pull/poll.js';
import { MessageStream } from '../stream/message-stream.js';
import { openSource, type StreamOptions } from '../stream/open-source.js';
import type { RawSource } from '../stream/raw-stream-core.js';
import { RequestSource } from '../stream/request-source.js';
import type { EventSource, SourceOwner } from '../stream/source.js';
import { Stream } from '../stream/stream.js';
import type { RunnerOptions, RunnerParams } from '../tools/runner-options.js';
import { ToolRunner } from '../tools/tool-runner.js';
import type { ResponseHead } from '../transport/port.js';
import { sendJson } from '../transport/send-json.js';
import type { Call, RequestOptions, Settings } from '../transport/settings.js';
import type { AnyMessage, BetaMessage } from '../wire/beta.js';
import type {
  BetaMessageCountTokensParams,
  BetaMessageCreateParams,
  BetaMessageCreateParamsNonStreaming,
  BetaMessageCreateParamsStreaming,
  BetaMessageStreamParams,
  BetaMessageTokensCount,
} from '../wire/beta-params.js';
import type { RawMessageStreamEvent } from '../wire/events.js';
import type { Message, MessageTokensCount } from '../wire/message.js';
import type {
  MessageCountTokensParams,
  MessageCreateParams,
  MessageCreateParamsNonStreaming,
  MessageCreateParamsStreaming,
  MessageStreamParams,
} from '../wire/params.js';
import { countTokensCall, createCall, isLong, streamCall } from './message-calls.js';
import { type ResponsePromise, responsePromise } from './response-promise.js';

/** The types of one edition of the API. */
export interface Edition {
  message: AnyMessage;
  create: { max_tokens: number; stream?: boolean };
  createStreaming: object;
  createNonStreaming: object;
  stream: object;
  countTokens: object;
  tokensCount: object;
}

/** What is generally available: the types of `client.messages`. */
export interface GA {
  message: Message;
  create: MessageCreateParams;
  createStreaming: MessageCreateParamsStreaming;
  createNonStreaming: MessageCreateParamsNonStreaming;
  stream: MessageStreamParams;
  countTokens: MessageCountTokensParams;
  tokensCount: MessageTokensCount;
}

/** With what is in beta: the types of `client.beta.messages`. */
export interface Beta {
  message: BetaMessage;
  create: BetaMessageCreateParams;
  createStreaming: BetaMessageCreateParamsStreaming;
  createNonStreaming: BetaMessageCreateParamsNonStreaming;
  stream: BetaMessageStreamParams;
  countTokens: BetaMessageCountTokensParams;
  tokensCount: BetaMessageTokensCount;
}

/** `client.messages`; with beta types `client.beta.messages`. */
export interface Messages<E extends Edition = GA> {
  /**
   * Sends messages and gives the answer: as a message, or with `stream: true` as the raw events of
   * one. The request goes out at once.
   *
   * A message whose `max_tokens` could take longer than ten minutes is streamed under the hood: no
   * connection is silent that long.
   * @throws AnthropicError (rejects)
   */
  create(
    params: E['createStreaming'],
    options?: RequestOptions,
  ): ResponsePromise<Stream<RawMessageStreamEvent<E['message']>>>;
  /** Gives the answer as one message; see above. */
  create(params: E['createNonStreaming'], options?: RequestOptions): ResponsePromise<E['message']>;
  /** Gives one or the other, as `stream` says; see above. */
  create(
    params: E['create'],
    options?: RequestOptions,
  ): ResponsePromise<E['message'] | Stream<RawMessageStreamEvent<E['message']>>>;

  /**
   * Sends messages and gives the answer as it is written. The stream is there at once; the request
   * goes out at the first need, and what fails fails where the stream is read.
   *
   * With `output_config: { format: outputFormat(schema) }` the stream has `outputStream` and
   * `getFinalOutput()`.
   * @throws AnthropicError when params or options make no sense.
   */
  stream<Output, Input>(
    params: E['stream'] & WithOutput<Output, Input>,
    options?: StreamOptions,
  ): OutputMessageStream<Output, Input, E['message']>;
  /** Streams an answer without a format of `outputFormat`; see above. */
  stream(params: E['stream'], options?: StreamOptions): MessageStream<E['message']>;

  /**
   * Streams answer after answer, and makes the calls in them, until the model calls no more tools. The
   * runner is there at once; the first request goes out at the first need.
   * @throws AnthropicError where there are no tools to run.
   */
  toolRunner<Output, Input>(
    params: RunnerParams<E['stream']> & WithOutput<Output, Input>,
    options?: RunnerOptions,
  ): ToolRunner<E['message'], OutputMessageStream<Output, Input, E['message']>>;
  /** Runs tools, without a format of `outputFormat`; see above. */
  toolRunner(params: RunnerParams<E['stream']>, options?: RunnerOptions): ToolRunner<E['message']>;

  /**
   * How many input tokens the params come to. Nothing is generated.
   * @throws AnthropicError (rejects)
   */
  countTokens(
    params: E['countTokens'],
    options?: RequestOptions,
  ): ResponsePromise<E['tokensCount']>;
}

/** Params whose output has a type. */
interface WithOutput<Output, Input> {
  output_config: { format: OutputFormat<Output, Input> };
}

/** `messages` over the settings of a client. */
export function createMessages<E extends Edition>(settings: Settings): Messages<E> {
  type M = E['message'];
  const stream = (params: object, options: StreamOptions = {}): MessageStream<M> => {
    return openStream<M>(settings, streamCall(params), options, () => {}, outputFormatIn(params));
  };
  return {
    create: ((params: E['create'], options: RequestOptions = {}) => {
      const call = createCall(params);
      if (call.stream) return responsePromise(openRaw(settings, call, options));
      if (isLong(params)) return responsePromise(collect(settings, streamCall(params), options));
      return responsePromise(sendJson<M>(settings, call, options));
    }) as Messages<E>['create'],

    stream: stream as Messages<E>['stream'],

    toolRunner: ((params: object, options: RunnerOptions = {}) =>
      new ToolRunner<M>(stream, params, options)) as Messages<E>['toolRunner'],

    countTokens(params, options = {}) {
      return responsePromise(
        sendJson<E['tokensCount']>(settings, countTokensCall(params), options),
      );
    },
  };
}

function openStream<M extends AnyMessage>(
  settings: Settings,
  call: Call,
  options: StreamOptions,
  onHead: (head: ResponseHead) => void,
  format?: OutputFormat,
): MessageStream<M> {
  const open = (owner: SourceOwner): EventSource => {
    const told = (head: ResponseHead): void => {
      onHead(head);
      owner.onHead(head);
    };
    return openSource(settings, call, options, { ...owner, onHead: told });
  };
  const { signal } = options;
  return format === undefined ? new MessageStream<M>(open, signal) : format.open<M>(open, signal);
}

interface Answer<T> {
  data: T;
  head: ResponseHead;
}

/** A message that is streamed and given whole. */
async function collect<M extends AnyMessage>(
  settings: Settings,
  call: Call,
  options: RequestOptions,
): Promise<Answer<M>> {
  let head: ResponseHead | undefined;
  const stream = openStream<M>(settings, call, options, (latest) => {
    head = latest;
  });
  const data = await stream.getFinalMessage();
  return { data, head: head as ResponseHead };
}

async function openRaw<M extends AnyMessage>(
  settings: Settings,
  call: Call,
  options: RequestOptions,
): Promise<Answer<Stream<RawMessageStreamEvent<M>>>> {
  let head: ResponseHead | undefined;
  const source = new RequestSource(settings, call, options, {
    onHead: (latest) => {
      head = latest;
    },
  });
  const data = new Stream<RawMessageStreamEvent<M>>({
    head: () => head,
    next: ((wake) => source.next(wake)) as RawSource<RawMessageStreamEvent<M>>['next'],
    cancel: (reason) => source.cancel(reason),
    signal: options.signal,
  });
  try {
    return { data, head: await toPromise<ResponseHead>((wake) => source.connect(wake)) };
  } catch (error) {
    data.close();
    throw error;
  }
}
