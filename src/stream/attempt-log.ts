import type { AnthropicError } from '../errors.js';
import type { LooseMessage } from '../message/loose.js';
import type { RecoveryMode } from './recover/options.js';

/** One request of a stream, and what it produced. */
export interface StreamAttempt {
  /**
   * Why it was sent: for the message, first or again; for the rest of one; or `anew`, for all of it, after
   * a break that left nothing to go on from.
   */
  how: 'request' | RecoveryMode | 'anew';
  /** The API's id for it; undefined where no response arrived. */
  requestId: string | undefined;
  outcome: 'open' | 'complete' | 'failed';
  error: AnthropicError | undefined;
  /** What of the message it gave: blocks that it began, characters of text and thinking. */
  gave: { blocks: number; characters: number };
}

interface Amount {
  blocks: number;
  characters: number;
}

/** The requests of one stream, in order. */
export class AttemptLog {
  readonly #entries: Entry[] = [];
  readonly #message: () => LooseMessage | undefined;

  constructor(message: () => LooseMessage | undefined) {
    this.#message = message;
  }

  get list(): StreamAttempt[] {
    const now = amount(this.#message());
    return this.#entries.map(({ from, to = now, ...attempt }) => ({
      ...attempt,
      gave: { blocks: to.blocks - from.blocks, characters: to.characters - from.characters },
    }));
  }

  start(how: StreamAttempt['how']): void {
    this.#entries.push({
      how,
      requestId: undefined,
      outcome: 'open',
      error: undefined,
      from: amount(this.#message()),
      to: undefined,
    });
  }

  connected(requestId: string | undefined): void {
    const open = this.#entries.at(-1);
    if (open !== undefined) open.requestId = requestId;
  }

  /** Discarded blocks count for no attempt: together the attempts produced what the message has. */
  discarded(): void {
    const now = amount(this.#message());
    for (const entry of this.#entries) {
      entry.from = least(entry.from, now);
      if (entry.to !== undefined) entry.to = least(entry.to, now);
    }
  }

  end(error: AnthropicError | undefined): void {
    const open = this.#entries.at(-1);
    if (open?.outcome !== 'open') return;
    open.outcome = error === undefined ? 'complete' : 'failed';
    open.error = error;
    open.to = amount(this.#message());
  }
}

/** How much there was of the message when an attempt began, and when it ended. */
interface Entry extends Omit<StreamAttempt, 'gave'> {
  from: Amount;
  to: Amount | undefined;
}

function least(a: Amount, b: Amount): Amount {
  return {
    blocks: Math.min(a.blocks, b.blocks),
    characters: Math.min(a.characters, b.characters),
  };
}

function amount(message: LooseMessage | undefined): Amount {
  const blocks = message?.content ?? [];
  const text = blocks.map((block) => block.text ?? block.thinking);
  const characters = text.reduce(
    (sum: number, piece) => sum + (typeof piece === 'string' ? piece.length : 0),
    0,
  );
  return { blocks: blocks.length, characters };
}
