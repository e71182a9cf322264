import { checkOptions } from '../check-options.js';
import type { Anthropic } from '../client.js';
import { AnthropicError } from '../errors.js';
import type { MessageStream } from '../stream/message-stream.js';
import type { StreamOptions } from '../stream/open-source.js';
import type { ToolRunner } from '../tools/tool-runner.js';
import { type RelayTrace, traceRelay } from '../trace/relay-trace.js';
import { onAbort } from '../transport/on-abort.js';
import type { AnyMessage, BetaMessage } from '../wire/beta.js';
import type { Message } from '../wire/message.js';
import { checkId } from './check-id.js';
import { stoppedEnd } from './ends.js';
import { END } from './engine.js';
import { handleRequest } from './handle.js';
import { HeldStream } from './held-stream.js';
import { hexDigest } from './hex-digest.js';
import type { HeldLog } from './log-source.js';
import { conflictError, takenError } from './log-writer.js';
import {
  FOLLOW_OPTIONS,
  type FollowOptions,
  type RelayOptions,
  type RelayParams,
  type RelaySettings,
  relaySettings,
  type StartOptions,
} from './options.js';
import { createParamsStore, type ParamsStore } from './params-store.js';
import type { Claim } from './payloads.js';
import { fromRun, fromStream, Producer, type Turn } from './producer.js';
import { type RelayedRun, relayedRun } from './relayed-run.js';
import { RelayedStream } from './relayed-stream.js';
import { type StreamStatus, statusOf } from './status.js';
import { messagesFor, takeOver } from './takeover.js';
import { randomTag } from './wire-id.js';

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
  readonly #held = new Map<string, HeldStream>();
  #isDraining = false;

  /** @internal Made by `createRelay()`. */
  constructor(settings: RelaySettings) {
    this.#settings = settings;
    this.#params = createParamsStore(settings);
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
    const start = (trace?: RelayTrace): MessageStream<AnyMessage> =>
      trace?.within(request) ?? untraced;
    const claim = { tag: randomTag(), hash: await hexDigest('SHA-256', JSON.stringify(params)) };
    const held = this.#hold(name, client);
    const release = held.hold();
    try {
      const at = { epoch: 1, seq: 0 };
      const { engine, ttl } = this.#settings;
      const outcome = await engine.append(name, at, [JSON.stringify(claim)], { ttl });
      if (outcome === 'ok') await this.#begin(held, params, start, signal);
      else await this.#assertSame(held, claim.hash);
      return new RelayedStream<M>(name, () => this.#open(name), { client });
    } finally {
      release();
    }
  }

  /**
   * Starts a run of tools, as `start` does a stream: it goes on when its readers leave. Every turn and every event of
   * its tools is in the log, and followers read it as the runner itself. A run can't be taken over by another process,
   * since a tool that was started must not run again: then it ends with ProducerLostError.
   * @param runner one that is not read yet.
   * @throws ConflictError (rejects) where there is such a stream already: the runner is closed.
   */
  async startRun<M extends AnyMessage>(
    id: string | undefined,
    runner: ToolRunner<M, MessageStream<M>>,
  ): Promise<RelayedRun<M>> {
    const name = checkId(id ?? crypto.randomUUID());
    this.#assertOpen();
    const held = this.#hold(name);
    const release = held.hold();
    try {
      const { engine, ttl, lease } = this.#settings;
      const claim = JSON.stringify({ tag: randomTag(), run: true } satisfies Claim);
      const outcome = await engine.append(name, { epoch: 1, seq: 0 }, [claim], { ttl });
      if (outcome !== 'ok') throw takenError(name);
      await Promise.all([engine.beat(name, 1, lease, ttl), held.load()]);
      const trace = traceRelay(this.#settings.client, 1);
      void this.#produce(held, { epoch: 1, source: fromRun(runner), trace });
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
    const { replica, release } = await this.#open(checkId(id));
    release();
    if (replica.claim?.run) return this.#openRun<M>(id, signal);
    throw conflictError('this stream is no run of tools: follow it with relay.follow(id)');
  }

  #openRun<M extends AnyMessage>(id: string, signal?: AbortSignal): RelayedRun<M> {
    return relayedRun<M>(id, () => this.handle(new Request('http://relay/'), id), signal);
  }

  #assertOpen(): void {
    if (this.#isDraining) throw new AnthropicError('the relay is draining: it starts no streams');
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
    return new RelayedStream<M>(id, () => this.#open(id, client), { ...options, client });
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
    return handleRequest(request, {
      id: checkId(id),
      settings: this.#settings,
      client: client ?? this.#settings.client,
      open: () => this.#open(id, client),
      stop: () => this.stop(id),
      forget: () => this.#held.delete(id),
    });
  }

  /**
   * Gives all streams of this process up, for other processes to continue at once; call it on SIGTERM. Resolves
   * when what was received is in the log. No more streams are started here.
   */
  async drain(): Promise<void> {
    this.#isDraining = true;
    const producers = [...this.#held.values()].flatMap(({ producer }) => producer ?? []);
    await Promise.all(producers.map((producer) => producer.handOver()));
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

  #hold(id: string, client?: Anthropic): HeldStream {
    const held =
      this.#held.get(id) ??
      new HeldStream(id, {
        settings: this.#settings,
        lost: (lost, isHandover) => this.#lost(lost, isHandover),
        alone: ({ id: alone }) => void this.stop(alone, 'alone').catch(() => {}),
        left: (left) => this.#left(left),
      });
    this.#held.set(id, held);
    held.client = client ?? held.client;
    return held;
  }

  async #open(id: string, client?: Anthropic): Promise<HeldLog> {
    const held = this.#hold(id, client);
    const release = held.hold();
    try {
      await held.load();
      return { replica: held.replica, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async #begin(
    held: HeldStream,
    params: RelayParams,
    start: (trace?: RelayTrace) => MessageStream<AnyMessage>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { engine, lease, ttl } = this.#settings;
    await Promise.all([
      engine.beat(held.id, 1, lease, ttl),
      this.#params.keep(held.id, params),
      held.load(),
    ]);
    const unlink = onAbort(signal, () => void this.stop(held.id, signal?.reason));
    const trace = traceRelay(held.client, 1);
    const source = fromStream(start(trace));
    void this.#produce(held, { epoch: 1, source, trace }).finally(unlink);
  }

  async #produce(held: HeldStream, turn: Turn): Promise<void> {
    const release = held.hold();
    const producer = new Producer(this.#settings, held.replica, turn);
    held.producer = producer;
    held.watch();
    await producer.done;
    held.producer = undefined;
    // Only once the stream has ended: another process may still need them.
    if (held.replica.end !== undefined) await this.#params.remove(held.id).catch(() => {});
    held.watch();
    release();
  }

  async #assertSame(held: HeldStream, hash: string): Promise<void> {
    await held.load();
    if (held.replica.claim?.hash !== hash) throw takenError(held.id);
  }

  #lost(held: HeldStream, isHandover: boolean): void {
    const settings = {
      ...this.#settings,
      params: this.#params,
      isDraining: () => this.#isDraining,
      produce: (taken: HeldStream, turn: Turn) => void this.#produce(taken, turn),
    };
    takeOver(settings, held, isHandover).catch(() => held.watchdog.again(this.#settings.lease / 4));
  }

  #left(held: HeldStream): void {
    held.close();
    if (this.#held.get(held.id) === held) this.#held.delete(held.id);
  }
}
