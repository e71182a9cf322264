import type { MessageStream } from '../../src/stream/message-stream.js';
import type { MessageStreamEvent } from '../../src/wire/events.js';

/** What a reader of events makes of them by the documented rules, written without the sources. */
export interface Made {
  starts: number;
  content: unknown[];
  /** The message of `message_stop`. */
  message: unknown;
}

/** Reads all events; `pause` before each. */
export async function made(stream: MessageStream, pause?: () => Promise<void>): Promise<Made> {
  let starts = 0;
  let message: unknown;
  const blocks: Record<string, unknown>[] = [];
  for await (const event of stream) {
    if (event.type === 'message_start') starts++;
    if (event.type === 'message_stop') message = event.message;
    take(blocks, event);
    await pause?.();
  }
  return { starts, content: blocks.map(finished), message };
}

function take(blocks: Record<string, unknown>[], event: MessageStreamEvent): void {
  if (event.type === 'content_block_start') {
    // A second start for a place: that block, and those after it, are given up.
    blocks.splice(event.index);
    blocks[event.index] = { ...event.content_block };
  } else if (event.type === 'content_block_delta') {
    const block = blocks[event.index] as Record<string, string>;
    const { type, ...fields } = event.delta as { type: string } & Record<string, string>;
    for (const [field, piece] of Object.entries(fields)) {
      block[field] = type === 'signature_delta' ? piece : (block[field] ?? '') + piece;
    }
  }
}

function finished({ partial_json, ...block }: Record<string, unknown>): unknown {
  return partial_json === undefined ? block : { ...block, input: JSON.parse(`${partial_json}`) };
}
