import { isRecord } from '../json/is-record.js';
import type { Message } from '../wire/message.js';
import type { InputState } from './input-state.js';
import { toBlocks } from './split-message.js';
import { toEvents } from './to-events.js';
import { unprovenCall } from './unproven-call.js';
import type { UntypedBlock, UntypedEvent, UntypedMessage } from './untyped.js';

/** The events of a message that came whole; undefined for what is no message. */
export function messageEvents(body: unknown): UntypedEvent[] | undefined {
  const message = toMessage(body);
  return message && (toEvents(withOpenCall(message as unknown as Message)) as UntypedEvent[]);
}

/** A message that came whole; undefined for what is none. Some servers leave out its type, or content of none. */
export function toMessage(body: unknown): UntypedMessage | undefined {
  if (!isRecord(body)) return undefined;
  const { type = 'message' } = body;
  const isTyped = 'type' in body && 'stop_reason' in body;
  const sent = body.content ?? (isTyped ? [] : undefined);
  const content = isTyped || Array.isArray(sent) ? toBlocks(sent) : undefined;
  if (type !== 'message' || content === undefined) return undefined;
  const blocks = content as UntypedBlock[];
  const isWhole = blocks.every((block) => typeof block?.type === 'string');
  return isWhole ? { ...body, type, content: blocks } : undefined;
}

/** A call that may be cut gets no stop: it must not look finished, and is not run. */
function withOpenCall(message: Message): Message {
  const call = unprovenCall(message);
  if (call === undefined) return message;
  const inputState: InputState = { status: 'open', json: JSON.stringify(call.input) ?? '' };
  const content = [...message.content.slice(0, -1), { ...call, inputState }];
  return { ...message, content: content as unknown as Message['content'] };
}
