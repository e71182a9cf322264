import { type MessageStreamEvent, type RawMessageStreamEvent, toPrintable } from '../../index.js';
import type { Output } from './output.js';
import type { View } from './view.js';

/** The message once it has ended. One that was cut off has no `stop_reason`. */
export function jsonView(output: Output): View {
  return {
    end: async (message) => {
      if (message !== undefined) await output.write(`${toJson(message, 2)}\n`);
      return undefined;
    },
  };
}

/** Structured output: JSON text as the model writes it. */
export function outputView(output: Output): View {
  return {
    event: async (event) => {
      if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') return;
      await output.write(event.delta.text);
    },
    end: async () => {
      await output.startLine();
      return undefined;
    },
  };
}

/** The events as they arrive. */
export function jsonlView(output: Output): View {
  return { event: (event) => output.write(toJsonLine(event)) };
}

/** An event as the API sends it, on one line. */
export const toJsonLine = (event: MessageStreamEvent): string => `${toJson(toRawEvent(event))}\n`;

/** JSON that is safe to print without a loss: what a terminal would obey is escaped. */
export function toJson(value: unknown, indentation = 0): string {
  return toPrintable(JSON.stringify(value, null, indentation), toEscape);
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

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
