import { AnthropicError } from '../errors.js';
import type { LooseBlock, LooseDelta, LooseEvent } from '../message/loose.js';
import type { RetryInfo } from '../transport/retry.js';
import type { AnyMessage } from '../wire/beta.js';
import type { TextCitation } from '../wire/citations.js';
import type { MessageStreamEvent } from '../wire/events.js';
import type { Message } from '../wire/message.js';
import type { Emitter } from './emitter.js';
import type { RecoverInfo } from './recover/options.js';

/** What can be listened to with `stream.on(name, listener)`, and what each listener gets. */
export interface MessageStreamListeners<M extends AnyMessage = Message> {
  /** The response headers came. Once per stream. */
  connect: (response: Response) => void;
  /** A request failed before any content came, and is sent again. */
  retry: (info: RetryInfo) => void;
  /** The stream broke after content came, and the rest is asked for (`recover` option). */
  recover: (info: RecoverInfo) => void;
  /** The rest could not join what came: blocks that were not finished are given up, and come anew. */
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
  /** A piece of a tool's input as JSON, and the input so far. */
  inputJson: (partialJson: string, snapshot: unknown) => void;
  /** A finished block. */
  contentBlock: (block: M['content'][number]) => void;
  /** The finished message. */
  message: (message: M) => void;
  /** The server says that it is alive. */
  ping: () => void;
  /** The stream ended with an error, or a listener threw. */
  error: (error: AnthropicError) => void;
  /** The stream ended, in whatever way. The last of all. */
  end: () => void;
}

/** What `restart` listeners are told. The next blocks take the places of the discarded ones. */
export interface RestartInfo<M extends AnyMessage = Message> {
  /** The place of the first one. */
  index: number;
  discarded: M['content'];
}

/** What a name makes of a stream: some look on, and make it read only where nobody else does. */
const ROLES: Readonly<Record<keyof MessageStreamListeners, 'reads' | 'looks on'>> = {
  connect: 'looks on',
  retry: 'looks on',
  recover: 'looks on',
  restart: 'looks on',
  event: 'reads',
  text: 'reads',
  thinking: 'reads',
  citation: 'reads',
  signature: 'reads',
  inputJson: 'reads',
  contentBlock: 'reads',
  message: 'reads',
  ping: 'reads',
  error: 'looks on',
  end: 'reads',
};

/**
 * Whether a listener of this name only looks on.
 * @throws AnthropicError when there is no such name.
 */
export function looksOn(name: string): boolean {
  if (Object.hasOwn(ROLES, name)) return ROLES[name as keyof MessageStreamListeners] === 'looks on';
  const names = Object.keys(ROLES).join(', ');
  throw new AnthropicError(`a stream tells nothing of '${name}': listen to one of ${names}`);
}

/** Tells listeners what an event means. */
export function emitEvent(
  emitter: Emitter,
  event: LooseEvent,
  block: (index: number) => LooseBlock | undefined,
): void {
  if (event.type !== 'ping') emitter.emit('event', event);
  derived.get(event.type)?.(emitter, event, block);
}

type Derived = (
  emitter: Emitter,
  event: LooseEvent,
  block: (index: number) => LooseBlock | undefined,
) => void;

const derived: ReadonlyMap<string, Derived> = new Map<string, Derived>([
  [
    'ping',
    (emitter, { restart, discarded }) =>
      discarded === undefined
        ? emitter.emit('ping')
        : emitter.emit('restart', { index: restart, discarded }),
  ],
  ['content_block_stop', (emitter, event) => emitter.emit('contentBlock', event.content_block)],
  ['message_stop', (emitter, event) => emitter.emit('message', event.message)],
  [
    'content_block_delta',
    (emitter, event, block) => {
      const delta = event.delta as LooseDelta;
      const [name, field, whole] = DELTAS.get(delta.type) ?? [];
      // The block is built only for those who look at it.
      if (name === undefined || field === undefined || !emitter.has(name)) return;
      const soFar = whole === undefined ? [] : [block(event.index as number)?.[whole]];
      emitter.emit(name, delta[field], ...soFar);
    },
  ],
]);

/** Delta type → listener, the delta's field, the block's field that holds all so far. */
const DELTAS: ReadonlyMap<string, readonly [name: string, field: string, whole?: string]> = new Map(
  [
    ['text_delta', ['text', 'text', 'text']],
    ['thinking_delta', ['thinking', 'thinking', 'thinking']],
    ['citations_delta', ['citation', 'citation', 'citations']],
    ['signature_delta', ['signature', 'signature']],
    ['input_json_delta', ['inputJson', 'partial_json', 'input']],
  ],
);
