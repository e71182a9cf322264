import type { AnthropicError } from '../errors.js';
import type { UntypedBlock, UntypedMessage } from '../message/untyped.js';

/** The method that Node and Bun call for what `console.log` shows. */
export const INSPECT: unique symbol = /* @__PURE__ */ Symbol.for('nodejs.util.inspect.custom');

/** The same on Deno. */
export const DENO_INSPECT: unique symbol = /* @__PURE__ */ Symbol.for('Deno.customInspect');

/** What is read of a stream to show it. A raw stream has no message and no attempts. */
export interface Inspected {
  readonly ending: { readonly error: unknown } | undefined;
  readonly requestId: string | undefined;
  readonly snapshot?: UntypedMessage | undefined;
  readonly attempts?: { readonly length: number };
}

/**
 * A stream in one line, its fields as JSON: `MessageStream {"state":"streaming","model":"…",
 * "requestId":"…","blocks":["text(12)","tool_use"],"usage":{…}}`. No text of the message and no headers:
 * they do not belong in a log.
 */
export function inspectStream(name: string, stream: Inspected): string {
  const { requestId, snapshot } = stream;
  const error = stream.ending?.error as AnthropicError | undefined;
  const fields = {
    state: toState(stream),
    error: error?.name,
    model: snapshot?.model,
    // A response with an error status is known by its error only.
    requestId: requestId ?? error?.requestId,
    blocks: snapshot?.content.map(toSummary),
    usage: snapshot?.usage,
  };
  return `${name} ${JSON.stringify(fields)}`;
}

function toState({ ending, requestId, snapshot, attempts }: Inspected): string {
  if (ending !== undefined) return ending.error === undefined ? 'complete' : 'failed';
  if (snapshot !== undefined || requestId !== undefined || !attempts) return 'streaming';
  return attempts.length > 0 ? 'connecting' : 'idle';
}

function toSummary({ type, text, thinking }: UntypedBlock): string {
  const written = text ?? thinking;
  return typeof written === 'string' ? `${type}(${written.length})` : type;
}
