import {
  AnthropicError,
  APIUserAbortError,
  asAnthropicError,
  StreamProtocolError,
} from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import type { MessageStream } from '../stream/message-stream.js';
import { toRawEvent } from '../stream/write-events.js';
import { TOOL_START } from '../tools/run-wire.js';
import type { RelayTrace } from '../trace/relay-trace.js';
import type { ResponseHead } from '../transport/port.js';
import type { AnyMessage } from '../wire/beta.js';
import { failedEnd } from './ends.js';
import type { Appended } from './engine.js';
import { LogWriter, missingError, unreachableError, type WriterSettings } from './log-writer.js';
import type { Replica } from './replica.js';
import { RunningTools } from './running-tools.js';

/** What a producer needs of its relay. */
export interface ProducerSettings extends WriterSettings {
  lease: number;
  maxBytes: number;
}

/** A run of any kind. */
export interface AnyRun {
  recordedEvents(): AsyncIterator<{ type: string }, undefined>;
  holdTools(): void;
  close(): void;
}

/** What is produced: a stream, or a run. */
export interface Produced {
  events: () => AsyncIterator<UntypedEvent, undefined>;
  /** Of the latest response of the API. */
  head: () => ResponseHead | undefined;
  requestId: () => string | undefined;
  /** No more tools start. */
  holdTools?: () => void;
  close: () => void;
}

/** A stream to be produced. */
export function fromStream(stream: MessageStream<AnyMessage>): Produced {
  return {
    events: () => stream.servedEvents(),
    head: () => stream.responseHead,
    requestId: () => stream.requestId,
    close: () => stream.close(),
  };
}

/** A run, whose events are those that `run.toResponse()` sends. */
export function fromRun(run: AnyRun): Produced {
  const events = () => run.recordedEvents() as AsyncIterator<UntypedEvent, undefined>;
  return { ...fromEvents(events), holdTools: () => run.holdTools(), close: () => run.close() };
}

/** Events that need no request. */
export function fromEvents(events: Produced['events']): Produced {
  return { events, head: () => undefined, requestId: () => undefined, close: () => {} };
}

/** A turn of one process at a stream. */
export interface Turn {
  /** 1 for the process that started it. */
  epoch: number;
  source: Produced;
  /** Whether what is read of the stream is in the log already. Default: it isn't. */
  isPast?: () => boolean;
  trace: RelayTrace | undefined;
}

/** What followers may learn of a response: its id, and the rate limits. */
const KEPT_HEADERS = /^(request-id|anthropic-(ratelimit|organization|workspace)-.*)$/;

/** One process's turn at a stream: what arrives from the API is appended to the log, until either ends. */
export class Producer {
  readonly #settings: ProducerSettings;
  readonly #replica: Replica;
  readonly #epoch: number;
  readonly #source: Produced;
  readonly #writer: LogWriter;
  readonly #isPast: () => boolean;
  readonly #trace: RelayTrace | undefined;
  /** The one that is noted. */
  #head: ResponseHead | undefined;
  /** What ended it before the stream did. */
  #failure: AnthropicError | undefined;
  readonly #tools = new RunningTools();
  #beats: ReturnType<typeof setInterval> | undefined;
  /** An append was refused: what the log says of it is being read. */
  #stopping: Promise<void> | undefined;
  readonly done: Promise<void>;

  constructor(settings: ProducerSettings, replica: Replica, turn: Turn) {
    const { epoch, source, trace, isPast = () => false } = turn;
    this.#settings = settings;
    this.#replica = replica;
    this.#epoch = epoch;
    this.#source = source;
    this.#isPast = isPast;
    this.#trace = trace;
    this.#writer = new LogWriter(settings, replica, epoch, (outcome) => {
      this.#stopping = this.#stopped(outcome);
    });
    if (trace !== undefined && Object.keys(trace.headers).length > 0) {
      this.#writer.note({ note: 'trace', headers: trace.headers });
      // A reader that leaves before the first event links to it, too.
      void this.#writer.flush();
    }
    this.#beats = setInterval(this.#beat, settings.lease / 3);
    replica.wait(this.#watch);
    this.done = this.#run();
  }

  /** Appends what there is, and gives the stream up. @param tools how long tools may run on, in milliseconds. */
  async handOver(tools: number): Promise<void> {
    this.#source.holdTools?.();
    if (tools > 0) await this.#tools.ended(tools);
    if (this.#failure !== undefined || this.#replica.end !== undefined) return;
    this.#writer.note({ note: 'handover' });
    await this.#writer.flush();
    this.#abort(new APIUserAbortError('the stream was handed over to another process'));
    await this.#settings.engine.beat(this.#replica.id, this.#epoch, 0, this.#settings.ttl);
  }

  /** Ends the request, and the log with an error. */
  fail(error: AnthropicError): void {
    this.#failure ??= error;
    this.#source.close();
  }

  async #run(): Promise<void> {
    const reader = this.#source.events();
    let error: AnthropicError | undefined;
    try {
      await this.#read(reader);
      await this.#writer.end({ state: 'complete' });
    } catch (thrown) {
      error = this.#failure ?? asAnthropicError(thrown);
      this.#noteHead();
      await this.#writer.end(failedEnd(error));
    } finally {
      this.#trace?.end(this.#source.requestId(), error);
      this.#source.close();
      this.#tools.stop();
      clearInterval(this.#beats);
      this.#replica.unwait(this.#watch);
    }
  }

  async #read(reader: AsyncIterator<UntypedEvent, undefined>): Promise<void> {
    for (;;) {
      const { done, value: event } = await reader.next();
      if (done) return;
      if (this.#isPast() || event.type === 'ping') continue;
      this.#noteHead();
      const isFull = this.#writer.add(toRawEvent(event));
      if (isFull !== undefined) await isFull;
      this.#tools.take(event);
      // The tool runs when the next event is asked for.
      if (event.type === TOOL_START) await this.#recorded();
      if (this.#replica.size > this.#settings.maxBytes) {
        throw new StreamProtocolError(
          `the stream has more than ${this.#settings.maxBytes} bytes; raise maxBytes of the relay to accept it`,
        );
      }
    }
  }

  /** Resolves once everything is in the log. @throws where this process has to stop. */
  async #recorded(): Promise<void> {
    await this.#writer.flush();
    if (!this.#writer.isClosed) return;
    await this.#stopping;
    throw this.#failure ?? new APIUserAbortError('the stream is over');
  }

  /** What followers may know of a response is appended with its first event. */
  #noteHead(): void {
    const head = this.#source.head();
    if (head === undefined || head === this.#head) return;
    this.#head = head;
    const headers = head
      .fields()
      .map(([name, value]): [string, string] => [name.toLowerCase(), value])
      .filter(([name]) => KEPT_HEADERS.test(name));
    if (headers.length > 0) this.#writer.note({ note: 'response', headers });
  }

  /** The end of the log ends the request, too, even while the API is silent. */
  readonly #watch = (): void => {
    if (this.#replica.end !== undefined || this.#replica.epoch > this.#epoch) {
      void this.#stopped('fenced');
    } else this.#replica.wait(this.#watch);
  };

  readonly #beat = (): void => {
    const { engine, lease, ttl } = this.#settings;
    engine.beat(this.#replica.id, this.#epoch, lease, ttl).then(
      (isMine) => {
        if (!isMine) void this.#stopped('fenced');
      },
      // The next one may be in time; the writer reports an outage.
      () => {},
    );
  };

  /** Nothing can be appended any more. */
  async #stopped(outcome: Exclude<Appended, 'ok'> | 'unreachable'): Promise<void> {
    if (this.#failure !== undefined) return;
    const error = await this.#reasonOf(outcome);
    // Its own end is in the log already; another's may be, where this process slept.
    if (this.#replica.end?.state === 'complete' && this.#replica.epoch <= this.#epoch) return;
    this.#abort(error);
    // Followers here go on with what the other producer, or the end, has brought.
    if (this.#replica.end === undefined && this.#replica.epoch <= this.#epoch)
      this.#replica.fail(error);
  }

  async #reasonOf(outcome: Exclude<Appended, 'ok'> | 'unreachable'): Promise<AnthropicError> {
    if (outcome === 'unreachable') return unreachableError();
    // What there is to know is in the log.
    await this.#replica.sync().catch(() => {});
    if (this.#replica.end !== undefined) return new APIUserAbortError('the stream was stopped');
    if (this.#replica.epoch > this.#epoch) {
      this.#settings.warn(`stream ${this.#replica.id} was taken over by another process`);
      return new APIUserAbortError('another process has taken the stream over');
    }
    return outcome === 'gap'
      ? new AnthropicError('entries of the log were lost')
      : missingError(this.#replica.id);
  }

  #abort(error: AnthropicError): void {
    this.#failure ??= error;
    this.#writer.close();
    this.#source.close();
    clearInterval(this.#beats);
  }
}
