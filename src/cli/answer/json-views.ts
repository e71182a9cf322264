import type { MessageStreamEvent, RawMessageStreamEvent } from '../../index.js';
import type { Output } from './output.js';
import type { View } from './view.js';

/** The message once it has ended. One that was cut off has no `stop_reason`. */
export function jsonView(output: Output): View {
  return {
    end: async (message) => {
      if (message !== undefined) await output.write(`${JSON.stringify(message, null, 2)}\n`);
      return undefined;
    },
  };
}

/** The events as they arrive. */
export function jsonlView(output: Output): View {
  return { event: (event) => output.write(toJsonLine(event)) };
}

/** An event as the API sends it, on one line. */
export const toJsonLine = (event: MessageStreamEvent): string =>
  `${JSON.stringify(toRawEvent(event))}\n`;

/** Omits what a MessageStream adds to the ends of blocks and messages. */
function toRawEvent(event: MessageStreamEvent): RawMessageStreamEvent {
  if (event.type === 'content_block_stop') {
    const { content_block: _, ...raw } = event;
    return raw;
  }
  if (event.type === 'message_stop') {
    const { message: _, ...raw } = event;
    return raw;
  }
  return event;
}
