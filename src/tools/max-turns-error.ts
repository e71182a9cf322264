import { AnthropicError } from '../errors.js';
import type { MessageParam } from '../wire/params.js';

/**
 * `maxTurns` requests were sent, and the model still calls tools. The last calls have run: send `messages`
 * to continue.
 */
export class MaxTurnsError extends AnthropicError {
  /** @internal */
  override get name(): string {
    return 'MaxTurnsError';
  }

  /** The conversation so far, with the results of the last calls. */
  declare readonly messages: MessageParam[];

  /** The limit that was reached. */
  declare readonly maxTurns: number;

  constructor(maxTurns: number, messages: MessageParam[]) {
    const turns = maxTurns === 1 ? '1 turn' : `${maxTurns} turns`;
    super(
      `the model wants to go on after ${turns}, which is maxTurns: start another runner with error.messages`,
    );
    // Not enumerable: printing the error must not print the conversation.
    Object.defineProperty(this, 'messages', { value: messages });
    Object.defineProperty(this, 'maxTurns', { value: maxTurns });
  }
}
