import { AnthropicError } from '../errors.js';
import { DELTAS } from '../message/kinds.js';
import type { UntypedDelta, UntypedEvent } from '../message/untyped.js';
import { nameHint } from '../name-hint.js';
import type { RetryInfo } from '../transport/retry.js';
import type { AnyMessage } from '../wire/beta.js';
import type { TextCitation } from '../wire/citations.js';
import type { MessageStreamEvent } from '../wire/events.js';
import type { Message } from '../wire/message.js';
import type { DeltaListeners } from './delta-listeners.js';
import type { Emitter } from './emitter.js';
import type { RecoverInfo } from './recover/options.js';
import { restartIndex } from './restart.js';

/** The events of `stream.on(name, listener)`, and what each listener receives. */
export interface MessageStreamListeners<M extends AnyMessage = Message> extends DeltaListeners {
  /** The response headers have arrived. Once per stream. */
  connect: (response: Response) => void;
  /** A request failed before any content arrived, and is retried. */
  retry: (info: RetryInfo) => void;
  /** The stream broke after content arrived, and the rest is requested (`recover` option). */
  recover: (info: RecoverInfo) => void;
  /** The rest can't continue what arrived: unfinished blocks are discarded and written from scratch. */
  restart: (info: RestartInfo<M>) => void;
  /** Each event, as readers get it. */
  event: (event: MessageStreamEvent<M>) => void;
  /** A piece of text, and the text of its block so far. */
  text: (delta: string, snapshot: string) => void;
  /** A piece of thinking, and the thinking of its block so far. */
  thinking: (delta: string, snapshot: string) => void;
  /** A citation, and the citations of its block so far. */
  citation: (citation: TextCitation, citations: TextCitation[]) => void;
  /** The signature of a thinking block. */
  signature: (signature: string) => void;
  /** A piece of a tool's input as JSON, and the input so far: one object or array, which grows. */
  inputJson: (partialJson: string, snapshot: unknown) => void;
  /** A finished block. */
  contentBlock: (block: M['content'][number]) => void;
  /** The finished message. */
  message: (message: M) => void;
  /** The server sent a keep-alive. */
  ping: () => void;
  /** The stream ended with an error, or a listener threw. */
  error: (error: AnthropicError) => void;
  /** The stream ended, for whatever reason. Always the last. */
  end: () => void;
}

/** What `restart` listeners receive. The next blocks take the places of the discarded ones. */
export interface RestartInfo<M extends AnyMessage = Message> {
  /** The index of the first one. */
  index: number;
  discarded: M['content'];
}

/** Whether a listener makes the stream read even where it has a reader. */
const PULLS: Readonly<Record<keyof MessageStreamListeners, boolean>> = {
  connect: false,
  retry: false,
  recover: false,
  restart: false,
  event: true,
  ...deltaPulls(),
  contentBlock: true,
  message: true,
  ping: false,
  error: false,
  end: false,
};

function deltaPulls(): Record<keyof DeltaListeners, boolean> {
  const names = [...DELTAS.values()].flatMap(({ listener = [] }) => listener);
  return Object.fromEntries(names.map((name) => [name, true])) as ReturnType<typeof deltaPulls>;
}

/**
 * Whether a listener of this name makes the stream read even where it has a reader.
 * @throws AnthropicError for an unknown event name.
 */
export function pulls(name: string): boolean {
  if (Object.hasOwn(PULLS, name)) return PULLS[name as keyof MessageStreamListeners];
  const names = Object.keys(PULLS);
  throw new AnthropicError(`there is no event named '${name}'${nameHint(name, names, 'events')}`);
}

/** A field of the block at an index, as it is now. */
type FieldOf = (index: number, name: string) => unknown;

/** Notifies the listeners that an event concerns. */
export function emitEvent(emitter: Emitter, event: UntypedEvent, field: FieldOf): void {
  const { type } = event;
  if (type === 'content_block_delta') {
    emitter.emit('event', event);
    emitDelta(emitter, event, field);
    return;
  }
  const restart = restartIndex(event);
  if (restart !== undefined) {
    emitter.emit('restart', { index: restart, discarded: event.discarded });
    return;
  }
  if (type !== 'ping') emitter.emit('event', event);
  derived.get(type)?.(emitter, event);
}

type Derived = (emitter: Emitter, event: UntypedEvent) => void;

const derived: ReadonlyMap<string, Derived> = new Map<string, Derived>([
  ['ping', (emitter) => emitter.emit('ping')],
  ['content_block_stop', (emitter, event) => emitter.emit('contentBlock', event.content_block)],
  ['message_stop', (emitter, event) => emitter.emit('message', event.message)],
]);

function emitDelta(emitter: Emitter, event: UntypedEvent, field: FieldOf): void {
  const delta = event.delta as UntypedDelta;
  const { listener, brings, fills, join, within } = DELTAS.get(delta.type) ?? {};
  if (listener === undefined || brings === undefined) return;
  const looksAt = emitter.looksAt(listener);
  if (looksAt === 'nothing') return;
  if (within !== undefined && field(event.index as number, 'type') !== within) return;
  // What there is so far is built only where a listener may look at it.
  if (join === 'replace' || looksAt === 'first') emitter.emit(listener, delta[brings]);
  else emitter.emit(listener, delta[brings], field(event.index as number, fills as string));
}
