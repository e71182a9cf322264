import { AnthropicError } from '../errors.js';
import type { MessageParam } from '../wire/params.js';

/**
 * The model calls tools still, and `maxTurns` requests were sent. The last calls have been made:
 * `messages` can be sent to go on.
 */
export class MaxTurnsError extends AnthropicError {
  static {
    MaxTurnsError.prototype.name = 'MaxTurnsError';
  }

  /** The conversation so far, with the results of the last calls. */
  declare readonly messages: MessageParam[];

  constructor(maxTurns: number, messages: MessageParam[]) {
    const turns = maxTurns === 1 ? '1 turn' : `${maxTurns} turns`;
    super(
      `the model wants to go on after ${turns}, which is maxTurns: start another runner with error.messages`,
    );
    // Not enumerable: printing the error must not print the conversation.
    Object.defineProperty(this, 'messages', { value: messages });
  }
}
