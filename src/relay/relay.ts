import { checkOptions } from '../check-options.js';
import type { Anthropic } from '../client.js';
import { AnthropicError } from '../errors.js';
import type { MessageStream } from '../stream/message-stream.js';
import type { StreamOptions } from '../stream/open-source.js';
import type { ToolRunner } from '../tools/tool-runner.js';
import { traceRelay } from '../trace/relay-trace.js';
import { onAbort } from '../transport/on-abort.js';
import type { AnyMessage, BetaMessage } from '../wire/beta.js';
import type { Message } from '../wire/message.js';
import { checkId } from './check-id.js';
import { stoppedEnd } from './ends.js';
import { END } from './engine.js';
import { type FirstTurn, takeFirstTurn } from './first-turn.js';
import { handleRequest } from './handle.js';
import type { HandleContext } from './handle-context.js';
import type { HeldStream } from './held-stream.js';
import { HeldStreams } from './held-streams.js';
import { hexDigest } from './hex-digest.js';
import { conflictError, takenError } from './log-writer.js';
import {
  DRAIN_OPTIONS,
  type DrainOptions,
  FOLLOW_OPTIONS,
  type FollowOptions,
  type RelayOptions,
  type RelayParams,
  type RelaySettings,
  relaySettings,
  type StartOptions,
} from './options.js';
import { createParamsStore, type ParamsStore } from './params-store.js';
import { fromRun, fromStream } from './producer.js';
import { type RelayedRun, relayedRun } from './relayed-run.js';
import { RelayedStream } from './relayed-stream.js';
import { type StreamStatus, statusOf } from './status.js';
import { messagesFor } from './takeover.js';

/** Makes a relay: streams that outlive connections and processes. @throws AnthropicError for an invalid option. */
export function createRelay(options: RelayOptions = {}): Relay {
  return new Relay(relaySettings(options));
}

/**
 * Streams that are written to a log while they are produced, and followed from it. Everything goes through the
 * log: a follower gets the same in any process, at any time.
 */
export class Relay {
  readonly #settings: RelaySettings;
  readonly #params: ParamsStore;
  readonly #streams: HeldStreams;

  /** @internal Made by `createRelay()`. */
  constructor(settings: RelaySettings) {
    this.#settings = settings;
    this.#params = createParamsStore(settings);
    this.#streams = new HeldStreams(settings, this.#params, (id, reason) => this.stop(id, reason));
  }

  /**
   * Starts a stream, which goes on when its readers leave. Resolves once it exists. A stream that exists is
   * followed where it has the same params, also after its end.
   * @param id 1 to 256 characters. Default: a random one, which `stream.id` says. Who knows the id of a stream can
   * read it, unless your server checks more.
   * @throws ConflictError (rejects) where the id has other params; AnthropicError for invalid params or options.
   */
  async start<P extends RelayParams>(
    id: string | undefined,
    params: P,
    options: StartOptions = {},
  ): Promise<RelayedStream<P extends { betas: readonly string[] } ? BetaMessage : Message>> {
    type M = P extends { betas: readonly string[] } ? BetaMessage : Message;
    const name = checkId(id ?? crypto.randomUUID());
    this.#assertOpen();
    const { client = this.#settings.client, signal, ...others } = options;
    const request = (): MessageStream<AnyMessage> => this.#request(client, params, others);
    // Now, so that invalid params start nothing.
    const untraced = request();
    const json = JSON.stringify(params);
    const hash = await hexDigest('SHA-256', json);
    const held = this.#streams.get(name, client);
    const release = held.hold();
    try {
      const isNew = await this.#takeFirstTurn(held, {
        claim: { hash },
        params: json,
        begin: () => {
          const trace = traceRelay(client, 1);
          const source = fromStream(trace?.within(request) ?? untraced);
          const over = onAbort(signal, () => void this.stop(name, signal?.reason));
          return { source, trace, over };
        },
      });
      if (!isNew) await assertSame(held, hash);
      return new RelayedStream<M>(name, () => this.#streams.open(name), {
        client,
        rotate: this.#settings.rotate,
      });
    } finally {
      release();
    }
  }

  /**
   * Starts a run of tools, as `start` does a stream: it goes on when its readers leave. Every turn and every event of
   * its tools is in the log, and followers read it as the runner itself. Where its process dies or drains, another goes
   * on with the runner that `resumeRun` returns there; without one the run ends with ProducerLostError. A tool that was
   * started is not run again.
   * @param runner one that is not read yet.
   * @throws ConflictError (rejects) where there is such a stream already: the runner is closed.
   */
  async startRun<M extends AnyMessage>(
    id: string | undefined,
    runner: ToolRunner<M, MessageStream<M>>,
  ): Promise<RelayedRun<M>> {
    const name = checkId(id ?? crypto.randomUUID());
    this.#assertOpen();
    const held = this.#streams.get(name);
    const release = held.hold();
    try {
      const isNew = await this.#takeFirstTurn(held, {
        claim: { run: true },
        ...this.#keptParams(runner),
        begin: () => ({ source: fromRun(runner), trace: traceRelay(this.#settings.client, 1) }),
      });
      if (!isNew) throw takenError(name);
      return this.#openRun<M>(name);
    } catch (error) {
      runner.close();
      throw error;
    } finally {
      release();
    }
  }

  /**
   * Follows a run of tools: everything so far, then live.
   * @throws NotFoundError (rejects) where there is no such stream; ConflictError for one that is no run.
   */
  async followRun<M extends AnyMessage = Message>(
    id: string,
    { signal }: Pick<FollowOptions, 'signal'> = {},
  ): Promise<RelayedRun<M>> {
    const { replica, release } = await this.#streams.open(checkId(id));
    release();
    if (replica.claim?.run) return this.#openRun<M>(id, signal);
    throw conflictError('this stream is no run of tools: follow it with relay.follow(id)');
  }

  /** What `resumeRun` may go on with. */
  #keptParams({ params }: { params: object }): { params?: string } {
    if (this.#settings.resumeRun === undefined) return {};
    const { tools, ...kept } = params as { tools?: unknown };
    return { params: JSON.stringify(kept) };
  }

  #openRun<M extends AnyMessage>(id: string, signal?: AbortSignal): RelayedRun<M> {
    // No connection that a platform would cut.
    const settings = { ...this.#settings, rotate: undefined };
    const open = (): Promise<Response> =>
      handleRequest(new Request('http://relay/'), { ...this.#context(id), settings });
    return relayedRun<M>(id, open, signal);
  }

  #assertOpen(): void {
    if (this.#streams.isDraining)
      throw new AnthropicError('the relay is draining: it starts no streams');
  }

  /**
   * Follows a stream: everything so far, then live, to the end that its producer got. With `after`, a reader that
   * begins at once gets the events after that one; the message, and later readers, are whole as ever.
   * @throws AnthropicError for an invalid id or option. The stream rejects with NotFoundError where there is none, and
   * with BadRequestError where `after` is no id of this stream.
   */
  follow<M extends AnyMessage = Message>(
    id: string,
    options: FollowOptions = {},
  ): RelayedStream<M> {
    checkId(id);
    checkOptions(options, FOLLOW_OPTIONS);
    const { client = this.#settings.client } = options;
    const { rotate } = this.#settings;
    return new RelayedStream<M>(id, () => this.#streams.open(id, client), {
      ...options,
      client,
      rotate,
    });
  }

  /**
   * Stops a stream, from any process: its request is closed, and its readers get APIUserAbortError with the
   * reason as `cause`.
   * @param reason anything that JSON can have; an Error as its message.
   * @returns false where there is no such stream, or it has ended.
   */
  async stop(id: string, reason?: unknown): Promise<boolean> {
    const { engine, ttl } = this.#settings;
    const end = JSON.stringify(stoppedEnd(reason));
    const outcome = await engine.append(checkId(id), END, [], { ttl, end });
    if (outcome === 'ok') await this.#params.remove(id);
    return outcome === 'ok';
  }

  /** What is known of a stream. */
  async status(id: string): Promise<StreamStatus> {
    return statusOf(this.#settings.engine, checkId(id));
  }

  /**
   * Answers a request for a stream: GET follows it, HEAD tells its state, DELETE stops it. Check before it who may
   * do so. There is no list of streams.
   */
  async handle(
    request: Request,
    id: string,
    { client }: Pick<FollowOptions, 'client'> = {},
  ): Promise<Response> {
    return handleRequest(request, this.#context(checkId(id), client));
  }

  #context(id: string, client?: FollowOptions['client']): HandleContext {
    return {
      id,
      settings: this.#settings,
      client: client ?? this.#settings.client,
      open: () => this.#streams.open(id, client),
      stop: () => this.stop(id),
      forget: () => this.#streams.forget(id),
    };
  }

  /**
   * Gives all streams of this process up, for other processes to continue at once; call it on SIGTERM. Resolves
   * when what was received is in the log. No more streams are started here.
   * @throws AnthropicError (rejects) for an invalid option.
   */
  async drain(options: DrainOptions = {}): Promise<void> {
    checkOptions(options, DRAIN_OPTIONS);
    await this.#streams.drain(options.tools ?? 0);
  }

  #takeFirstTurn(held: HeldStream, turn: FirstTurn): Promise<boolean> {
    const settings = { ...this.#settings, params: this.#params, streams: this.#streams };
    return takeFirstTurn(settings, held, turn);
  }

  #request(
    client: Anthropic | undefined,
    params: RelayParams,
    options: StreamOptions,
  ): MessageStream<AnyMessage> {
    if (client !== undefined) return messagesFor(client, params).stream(params, options);
    throw new AnthropicError(
      'this relay has no client: write createRelay({ client: new Anthropic() })',
    );
  }
}

async function assertSame(held: HeldStream, hash: string): Promise<void> {
  await held.load();
  if (held.replica.claim?.hash !== hash) throw takenError(held.id);
}
