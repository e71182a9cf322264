import { thrownText } from '../thrown.js';
import type { Message } from '../wire/message.js';
import { isInstance } from './is-instance.js';

/** What is known about a failed request besides the failure itself. */
export interface ErrorContext {
  /** The API's `request-id`. */
  requestId?: string | undefined;
  /** The message as far as it was received. */
  partialMessage?: Message | undefined;
}

/**
 * Every error that millrace throws. `message` is one line: what happened, to which request, after
 * how much.
 */
export class AnthropicError extends Error {
  /** @internal */
  override get name(): string {
    return 'AnthropicError';
  }

  /** The API's `request-id`, once response headers have arrived. */
  readonly requestId: string | undefined;
  /**
   * The message as far as it was received; undefined before `message_start`. In a beta stream it may
   * contain beta blocks too.
   */
  declare readonly partialMessage: Message | undefined;
  /** What happened, without the context that `message` adds. */
  declare readonly reason: string;
  /** Whether the same request may succeed when it is sent again. */
  declare readonly retryable: boolean;

  /** @internal Errors of another copy of the package are instances too, see `isInstance`. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: the class that is asked, which may be a derived one
    return isInstance(value, this.prototype);
  }

  constructor(
    reason: string,
    { requestId, partialMessage, cause }: ErrorContext & { cause?: unknown } = {},
    retryable = false,
  ) {
    super(describe(reason, { requestId, partialMessage }), cause === undefined ? {} : { cause });
    this.requestId = requestId;
    // Not enumerable: printing an error must stay one line, not a whole message. A name of its own can be
    // assigned to.
    hide(this, { name: this.name, partialMessage, reason, retryable });
  }
}

/** A thrown value as an AnthropicError. */
export function asAnthropicError(error: unknown): AnthropicError {
  if (error instanceof AnthropicError) return error;
  return new AnthropicError(thrownText(error), { cause: error });
}

/** Adds what was not known where the error was thrown. What is known already stays. */
export function addContext<E extends AnthropicError>(error: E, context: ErrorContext): E {
  const requestId = error.requestId ?? context.requestId;
  const partialMessage = error.partialMessage ?? context.partialMessage;
  if (requestId === error.requestId && partialMessage === error.partialMessage) return error;
  // Thrown by a callback: it can't be written to.
  if (Object.isSealed(error)) return error;
  const { message: before, stack } = error;
  hide(error, {
    message: describe(error.reason, { requestId, partialMessage }),
    partialMessage,
  });
  // V8 writes the message into the stack, the first time that the stack is read.
  hide(error, { stack: stack?.replace(before, () => error.message) });
  return Object.assign(error, { requestId });
}

/** Sets fields that printing an error does not show. */
export function hide(target: object, values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(target, name, { value, configurable: true, writable: true });
  }
}

function describe(reason: string, { requestId, partialMessage }: ErrorContext): string {
  const known = [
    requestId && `request ${requestId}`,
    partialMessage && `after ${amount(partialMessage)}`,
  ];
  const context = known.filter(Boolean).join(', ');
  return toLine(reason) + (context && ` (${context})`);
}

/** How much of a foreign text a message shows: it is for people, and `reason` has all of it. */
const MOST_CHARACTERS = 10_000;

function toLine(reason: string): string {
  const start = reason.trimStart();
  const lines = start.slice(0, MOST_CHARACTERS).split(/[\r\n]\s*/);
  const line = lines
    .map((line) => line.trimEnd())
    .join(' ')
    .trimEnd();
  return start.length > MOST_CHARACTERS ? `${line}…` : line;
}

function amount({ content }: Message): string {
  if (content.length === 0) return 'no content';
  let characters = 0;
  for (const block of content) {
    const text = block.type === 'thinking' ? block.thinking : (block as { text?: unknown }).text;
    if (typeof text === 'string') characters += text.length;
  }
  const blocks = content.length === 1 ? '1 block' : `${content.length} blocks`;
  return `${characters} characters in ${blocks}`;
}
