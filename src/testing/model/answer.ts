import { withoutInputState } from '../../message/input-state.js';
import type { AnyMessage } from '../../wire/beta.js';
import { type EmulatedError, toErrorBody } from './error.js';
import { type Step, toTextStep } from './step.js';

/** What goes wrong in HTTP/2, and not in what it carries. Over HTTP/1.1 each is a reset, or silence. */
export type Http2Failure = 'goaway' | 'refused-stream' | 'calm' | 'reset-stream' | 'silence';

/** A response that isn't sent yet. Its steps are created as they are read. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly steps: Iterable<Step> | AsyncIterable<Step>;
  /** The steps that a fetch shows, which decodes a `content-encoding`. */
  readonly plain?: Iterable<Step>;
  /** The time before the headers, in milliseconds. */
  readonly delay?: number;
  /** How the connection fails instead of a response; `silent`: it stays open and nothing is sent. */
  readonly failure?: 'refused' | 'reset' | 'silent' | Http2Failure;
}

/** One JSON document. */
export function toJsonAnswer(body: unknown, requestId: string, status = 200): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'request-id': requestId },
    steps: [toTextStep(JSON.stringify(body))],
  };
}

export function toErrorAnswer(error: EmulatedError, requestId: string): Answer {
  const { headers, ...rest } = toJsonAnswer(toErrorBody(error, requestId), requestId, error.status);
  return { ...rest, headers: { ...headers, ...error.headers } };
}

export function isEventStream({ headers }: Answer): boolean {
  return headers['content-type']?.startsWith('text/event-stream') ?? false;
}

/** A message as the API sends it in one piece: an invalid input is `{}`. */
export function toMessageBody(message: AnyMessage): object {
  return { ...message, content: message.content.map((block) => withoutInputState(block)) };
}
