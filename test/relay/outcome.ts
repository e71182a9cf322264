import type { AnthropicError } from '../../src/errors.js';
import type { MessageStream } from '../../src/stream/message-stream.js';

/** The message, or the error: its class, its request and what was received. */
export async function outcomeOf(stream: Pick<MessageStream, 'getFinalMessage'>): Promise<unknown> {
  try {
    return await stream.getFinalMessage();
  } catch (error) {
    const { name, requestId, partialMessage } = error as AnthropicError;
    return { name, requestId, partialMessage };
  }
}
