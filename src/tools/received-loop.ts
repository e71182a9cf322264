import { AnthropicError, StreamProtocolError, StreamTruncatedError } from '../errors.js';
import { parseJson } from '../json/parse-json.js';
import { markHandled } from '../pull/mark-handled.js';
import { fromRelayedBody } from '../relayed-error.js';
import type { ServerSentEvent } from '../sse/decoder.js';
import type { MessageStream } from '../stream/message-stream.js';
import type { TransportResponse } from '../transport/port.js';
import type { AnyMessage } from '../wire/beta.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import type { ToolResultBlockParam } from '../wire/content-params.js';
import type { MessageParam } from '../wire/params.js';
import { brokenTurn, resultsIn } from './broken-turn.js';
import { callsIn } from './calls.js';
import { MaxTurnsError } from './max-turns-error.js';
import { nextTurnParams } from './next-turn-params.js';
import type { RunEnd } from './run.js';
import type { RunFeed } from './run-feed.js';
import { RunLoop } from './run-loop.js';
import { MAX_TURNS, RUN_END, RUN_START, toolEventType } from './run-wire.js';
import { type ToolEvent, ToolLog } from './tool-events.js';
import type { Turn } from './turn.js';
import { usageOf } from './turns.js';

/** What the turns need of their RunStream. */
export interface ReceivedLoopOwner<S> extends RunEnd {
  feed: RunFeed;
  /** Opens the stream of a turn. */
  open: (response: TransportResponse) => S;
}

/** The turns of a run that goes on elsewhere. */
export class ReceivedLoop<M extends AnyMessage, S extends MessageStream<M>> extends RunLoop<M, S> {
  readonly first: Turn<S>;
  readonly #owner: ReceivedLoopOwner<S>;
  readonly #streams: S[] = [];
  #messages: readonly MessageParam[] = [];
  #deferred: readonly ToolUseBlock[] = [];
  #keepUnsignedThinking = false;
  /** Of the latest turn that is part of the messages. */
  #added: ToolLog | undefined;
  /** A plain message is a run of one turn, which ends with it. */
  #isRun = false;

  constructor(owner: ReceivedLoopOwner<S>) {
    super();
    this.#owner = owner;
    this.first = this.#turn();
  }

  get messages(): readonly MessageParam[] {
    return this.#messages;
  }

  get deferred(): readonly ToolUseBlock[] {
    return this.#deferred;
  }

  get usage(): unknown {
    return usageOf(this.#streams);
  }

  #turn(): Turn<S> {
    const { feed, open, failed } = this.#owner;
    const log = new ToolLog();
    const stream = open(feed.turn((event) => this.#takeAside(event, log)));
    stream.follow(
      () => {},
      (error) => {
        this.#addBroken(stream, log);
        failed(error);
      },
    );
    let next: Promise<Turn<S> | undefined> | undefined;
    const turn: Turn<S> = {
      stream,
      log,
      next: () => {
        next ??= markHandled(this.#finish(turn));
        return next;
      },
    };
    this.#streams.push(stream);
    return turn;
  }

  /** Takes an event that is not of a turn's stream. @returns whether it was one. */
  #takeAside({ event, data }: ServerSentEvent, log: ToolLog): boolean {
    const type = toolEventType(event);
    if (type !== undefined) log.push({ ...parsed(data), type } as ToolEvent);
    if (event === RUN_START) {
      const { history, keepUnsignedThinking } = parsed(data) as Record<string, unknown>;
      this.#isRun = true;
      this.#messages = Array.isArray(history) ? history : [];
      this.#keepUnsignedThinking = keepUnsignedThinking === true;
    }
    return type !== undefined || event === RUN_START;
  }

  async #finish({ stream, log }: Turn<S>): Promise<Turn<S> | undefined> {
    const { done, failed, feed } = this.#owner;
    try {
      const message = await stream.getFinalMessage();
      const event = await this.#after(log);
      const open = this.#add(message, resultsIn(log.events), log);
      if (event?.event === MAX_TURNS) {
        const { maxTurns } = parsed(event.data) as { maxTurns: number };
        throw new MaxTurnsError(maxTurns, [...this.#messages]);
      }
      if (event?.event === 'message_start') return this.#turn();
      // A run has a result for each call, but for those that its tools deferred.
      if (this.#isRun) this.#deferred = open;
      feed.finish();
      done();
      return undefined;
    } catch (error) {
      this.#addBroken(stream, log);
      throw failed(error);
    } finally {
      log.close();
    }
  }

  /** Reads what follows a turn, up to the next one or the end. @throws the error that the run ended with. */
  async #after(log: ToolLog): Promise<ServerSentEvent | null> {
    const { feed } = this.#owner;
    for (;;) {
      const event = await feed.next();
      if (event === null && this.#isRun) {
        throw new StreamTruncatedError('the response ended before the run did');
      }
      if (event === null || ENDS.has(event.event)) return event;
      feed.shift();
      if (event.event === 'error') throw fromRelayedBody(parsed(event.data));
      this.#takeAside(event, log);
    }
  }

  /** Adds a turn to the messages. @returns its calls that have no result. */
  #add(message: M, results: ToolResultBlockParam[], log: ToolLog): ToolUseBlock[] {
    this.#added = log;
    // They arrive as the calls end, and are sent back in the order of the calls.
    const inOrder: ToolResultBlockParam[] = [];
    const open = callsIn(message).filter(({ id }) => {
      const at = results.findIndex(({ tool_use_id }) => tool_use_id === id);
      if (at !== -1) inOrder.push(...results.splice(at, 1));
      return at === -1;
    });
    const options = { keepUnsignedThinking: this.#keepUnsignedThinking };
    const params = { messages: this.#messages };
    this.#messages = nextTurnParams(params, message, inOrder, {}, options).messages;
    return open;
  }

  /** Adds what is to be known of the turn that the run broke in. */
  #addBroken({ currentMessageSnapshot: message }: S, log: ToolLog): void {
    if (message === undefined || this.#added === log) return;
    const broken = brokenTurn(message, log.events);
    if (broken !== undefined) this.#add(broken.message, broken.results, log);
  }
}

/** What a turn is followed by. */
const ENDS: ReadonlySet<string> = /* @__PURE__ */ new Set(['message_start', RUN_END, MAX_TURNS]);

function parsed(data: string): object {
  try {
    const value = parseJson(data);
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    if (cause instanceof AnthropicError) throw cause;
  }
  throw new StreamProtocolError(`an event of a run is no JSON object: ${data.slice(0, 200)}`);
}
