import { isRecord } from '../json/is-record.js';
import type { UntypedMessage } from './untyped.js';

/** The message of a `message_start`, with what readers look at and without the blocks that it had. */
export function splitMessage(sent: unknown): { message: UntypedMessage; content: unknown[] } {
  const message = isRecord(sent) ? sent : { type: 'message', role: 'assistant', model: '' };
  const { id = '', content, usage = null } = message as Partial<UntypedMessage>;
  const blocks = toBlocks(content) ?? [];
  const isComplete = 'id' in message && isRecord(usage) && content === blocks;
  if (isComplete && blocks.length === 0) return { message: message as UntypedMessage, content: [] };
  const known = isRecord(usage) ? usage : { input_tokens: 0, output_tokens: 0 };
  return { message: { ...message, id, content: [], usage: known }, content: blocks };
}

/** Content may be a text, as in a request. Undefined where it is neither that nor a list. */
export function toBlocks(content: unknown): unknown[] | undefined {
  if (Array.isArray(content)) return content;
  if (typeof content !== 'string') return undefined;
  return content === '' ? [] : [{ type: 'text', text: content }];
}
