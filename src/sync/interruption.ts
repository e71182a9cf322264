import { type AnthropicError, APIUserAbortError } from '../errors.js';
import { providePartialInput } from '../message/input-draft.js';
import { PartialInput } from '../message/partial-input.js';
import { MessageStreamCore } from '../stream/message-stream-core.js';
import { RawStreamCore } from '../stream/raw-stream-core.js';

/**
 * What a request throws when a signal handler has thrown during a wait. It is no failure of the stream:
 * the stream is closed, and the call that waited throws the reason itself.
 */
export class Interruption {
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}

/**
 * What users get for what was thrown. A wrapper of calls would be shorter where it is used, but its frames
 * would push the user's own out of the stack.
 */
export function reasonOf(thrown: unknown): unknown {
  return thrown instanceof Interruption ? thrown.reason : thrown;
}

/** The errors with which interruptions closed streams. */
const closings = new WeakSet<object>();

/** The interruption that closed a stream with this error; undefined where none did. */
export function interruptionOf(error: unknown): Interruption | undefined {
  const isClosing = error instanceof APIUserAbortError && closings.has(error);
  return isClosing ? new Interruption(error.cause) : undefined;
}

/** A message stream that an interruption closes for its other readers. */
export class InterruptibleMessageCore extends MessageStreamCore {
  constructor(...args: ConstructorParameters<typeof MessageStreamCore>) {
    super(...args);
    // Nothing can be waited for here.
    providePartialInput(PartialInput);
  }

  override toError(thrown: unknown): AnthropicError {
    throwInterruption(thrown, (error) => this.close(error));
    return super.toError(thrown);
  }
}

/** The same of raw events. */
export class InterruptibleRawCore<T> extends RawStreamCore<T> {
  override toError(thrown: unknown): AnthropicError {
    throwInterruption(thrown, (error) => this.fail(error));
    return super.toError(thrown);
  }
}

function throwInterruption(thrown: unknown, close: (error: APIUserAbortError) => void): void {
  if (!(thrown instanceof Interruption)) return;
  const { reason: cause } = thrown;
  const closing = new APIUserAbortError('a signal handler threw while the stream waited', {
    cause,
  });
  closings.add(closing);
  close(closing);
  throw thrown;
}
