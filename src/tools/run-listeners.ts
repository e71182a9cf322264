import { AnthropicError } from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import { nameHint } from '../name-hint.js';
import { Emitter, type Listener } from '../stream/emitter.js';
import { emitEvent, type MessageStreamListeners } from '../stream/listeners.js';
import type { MessageStream } from '../stream/message-stream.js';
import type { AnyMessage } from '../wire/beta.js';
import type { Message } from '../wire/message.js';
import type { RunnerEvent } from './run-events.js';
import type {
  ToolApprovalEvent,
  ToolResultEvent,
  ToolStartEvent,
  ToolUpdateEvent,
} from './tool-events.js';

type OfTurns =
  | 'text'
  | 'thinking'
  | 'citation'
  | 'signature'
  | 'inputJson'
  | 'contentBlock'
  | 'message'
  | 'error'
  | 'end';

/** The events of `run.on(name, listener)`, and what each listener receives. */
export interface RunListeners<
  M extends AnyMessage = Message,
  S extends MessageStream<M> = MessageStream<M>,
> extends Pick<MessageStreamListeners<M>, OfTurns> {
  /** A turn begins: its stream, for `retry`, `recover` and the other events of a request. */
  turn: (stream: S) => void;
  /** Each event of the turns and of their calls. */
  event: (event: RunnerEvent<M>) => void;
  /** A call waits for approval. */
  toolApproval: (event: ToolApprovalEvent) => void;
  /** A tool starts. */
  toolStart: (event: ToolStartEvent) => void;
  /** A tool reports progress. */
  toolUpdate: (event: ToolUpdateEvent) => void;
  /** A call has its result. */
  toolResult: (event: ToolResultEvent) => void;
}

/** Whether a listener makes the run go. As a table, so that no name is missing. */
const PULLS: Readonly<Record<keyof RunListeners, boolean>> = {
  turn: true,
  event: true,
  text: true,
  thinking: true,
  citation: true,
  signature: true,
  inputJson: true,
  contentBlock: true,
  message: true,
  toolApproval: true,
  toolStart: true,
  toolUpdate: true,
  toolResult: true,
  error: false,
  end: false,
};

/** The listeners of tool events, by the events' types. */
const OF_TOOLS: ReadonlyMap<string, string> = new Map([
  ['tool_approval', 'toolApproval'],
  ['tool_start', 'toolStart'],
  ['tool_update', 'toolUpdate'],
  ['tool_result', 'toolResult'],
]);

/** What the listeners of a run need of it. */
export interface RunListenersOwner<S> {
  /** Reads the run. @param began called with the stream of each turn. */
  read: (began: (stream: S) => void) => Promise<AsyncIterable<{ type: string }>>;
  /** What it has failed with. */
  failure: () => AnthropicError | undefined;
}

/** The listeners of a run. */
export class RunEmitter<S extends Pick<MessageStream<AnyMessage>, 'currentMessageSnapshot'>> {
  readonly #emitter = new Emitter();
  readonly #owner: RunListenersOwner<S>;
  #isPulling = false;
  /** `end` listeners were called. */
  #isReported = false;

  constructor(owner: RunListenersOwner<S>) {
    this.#owner = owner;
  }

  /** @throws AnthropicError for an unknown event name. */
  add(name: string, listener: Listener, once: boolean): void {
    if (!Object.hasOwn(PULLS, name)) {
      const hint = nameHint(name, Object.keys(PULLS), 'events');
      throw new AnthropicError(`there is no event named '${name}'${hint}`);
    }
    this.#emitter.add(name, listener, once);
    if (this.#isReported) {
      queueMicrotask(() => this.#late(name, listener));
    } else if (PULLS[name as keyof RunListeners] && !this.#isPulling) {
      this.#isPulling = true;
      // Listeners that are attached one after the other must all see the first event.
      queueMicrotask(() => this.#pull().then(this.#report, this.#report));
    }
  }

  remove(name: string, listener: Listener): void {
    this.#emitter.remove(name, listener);
  }

  /** Whether listeners make the run go. */
  get isPulling(): boolean {
    return this.#isPulling;
  }

  /** Whether a failure is heard here. */
  get hearsErrors(): boolean {
    return this.#emitter.has('error');
  }

  /** The run has ended: the listeners hear of it after everything else. */
  ended(): void {
    if (!this.#isPulling) this.#report();
  }

  async #pull(): Promise<void> {
    let turn: S | undefined;
    const events = await this.#owner.read((stream) => {
      turn = stream;
      this.#emitter.emit('turn', stream);
    });
    const field = (index: number, name: string): unknown =>
      (turn?.currentMessageSnapshot?.content[index] as never)?.[name];
    for await (const event of events) {
      emitEvent(this.#emitter, event as UntypedEvent, field);
      const name = OF_TOOLS.get(event.type);
      if (name !== undefined) this.#emitter.emit(name, event);
    }
  }

  readonly #report = (): void => {
    this.#isReported = true;
    const error = this.#owner.failure();
    if (error !== undefined) this.#emitter.emit('error', error);
    this.#emitter.emit('end');
  };

  /** Notifies one listener that was added after the end. */
  #late(name: string, listener: Listener): void {
    const error = this.#owner.failure();
    if (name === 'end') this.#emitter.emitTo(listener, name, []);
    if (name === 'error' && error !== undefined) this.#emitter.emitTo(listener, name, [error]);
  }
}
