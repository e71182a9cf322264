import type { AnthropicError } from '../errors.js';
import type { LooseMessage } from '../message/loose.js';

/** One request of a stream, and what came of it. */
export interface StreamAttempt {
  /** Why it was sent: for the message, first or again, or for the rest of one. */
  how: 'request' | 'prefill' | 'instruct';
  /** The API's id for it; undefined where no response came. */
  requestId: string | undefined;
  outcome: 'open' | 'complete' | 'failed';
  error: AnthropicError | undefined;
  /** What it gave to the message. */
  gave: { blocks: number; characters: number };
}

/** The requests of one stream, in order. */
export class AttemptLog {
  readonly #attempts: StreamAttempt[] = [];
  readonly #message: () => LooseMessage | undefined;
  #before = { blocks: 0, characters: 0 };

  constructor(message: () => LooseMessage | undefined) {
    this.#message = message;
  }

  get list(): StreamAttempt[] {
    const attempts = this.#attempts.map((attempt) => ({ ...attempt }));
    const last = attempts.at(-1);
    if (last?.outcome === 'open') last.gave = this.#gave();
    return attempts;
  }

  start(how: StreamAttempt['how']): void {
    this.#before = amount(this.#message());
    this.#attempts.push({
      how,
      requestId: undefined,
      outcome: 'open',
      error: undefined,
      gave: { blocks: 0, characters: 0 },
    });
  }

  connected(requestId: string | undefined): void {
    const open = this.#attempts.at(-1);
    if (open !== undefined) open.requestId = requestId;
  }

  /** What was given up counts for nobody. */
  discarded(): void {
    this.#before = amount(this.#message());
  }

  end(error: AnthropicError | undefined): void {
    const open = this.#attempts.at(-1);
    if (open?.outcome !== 'open') return;
    open.outcome = error === undefined ? 'complete' : 'failed';
    open.error = error;
    open.gave = this.#gave();
  }

  #gave(): StreamAttempt['gave'] {
    const now = amount(this.#message());
    return {
      blocks: now.blocks - this.#before.blocks,
      characters: now.characters - this.#before.characters,
    };
  }
}

function amount(message: LooseMessage | undefined): StreamAttempt['gave'] {
  const blocks = message?.content ?? [];
  const text = blocks.map((block) => block.text ?? block.thinking);
  const characters = text.reduce(
    (sum: number, piece) => sum + (typeof piece === 'string' ? piece.length : 0),
    0,
  );
  return { blocks: blocks.length, characters };
}
