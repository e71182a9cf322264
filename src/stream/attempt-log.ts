import type { AnthropicError } from '../errors.js';
import { countCharacters } from '../message/count-characters.js';
import type { UntypedMessage } from '../message/untyped.js';
import type { RecoveryMode } from './recover/options.js';

/** One request of a stream, and what it produced. */
export interface StreamAttempt {
  /**
   * What it asked for: the message (`request`, a retry too), the rest of one (`prefill`, `instruct`), or
   * all of it again after a break that left nothing to continue (`from-scratch`).
   */
  kind: 'request' | RecoveryMode | 'from-scratch';
  /** The API's id for it; undefined where no response arrived. */
  requestId: string | undefined;
  outcome: 'open' | 'complete' | 'failed';
  error: AnthropicError | undefined;
  /** What it added to the message: blocks that it started, characters of text and thinking. */
  received: { blocks: number; characters: number };
}

interface Amount {
  blocks: number;
  characters: number;
}

/** The requests of one stream, in order. */
export class AttemptLog {
  readonly #entries: Entry[] = [];
  readonly #message: () => UntypedMessage | undefined;

  constructor(message: () => UntypedMessage | undefined) {
    this.#message = message;
  }

  get list(): StreamAttempt[] {
    const now = amount(this.#message());
    return this.#entries.map(({ from, to = now, ...attempt }) => ({
      ...attempt,
      received: { blocks: to.blocks - from.blocks, characters: to.characters - from.characters },
    }));
  }

  start(kind: StreamAttempt['kind']): void {
    this.#entries.push({
      kind,
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
    // A single attempt is for the whole message: a relay can restart it any number of times.
    if (this.#entries.length < 2) return;
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
interface Entry extends Omit<StreamAttempt, 'received'> {
  from: Amount;
  to: Amount | undefined;
}

function least(a: Amount, b: Amount): Amount {
  return {
    blocks: Math.min(a.blocks, b.blocks),
    characters: Math.min(a.characters, b.characters),
  };
}

function amount(message: UntypedMessage | undefined): Amount {
  const blocks = message?.content ?? [];
  return { blocks: blocks.length, characters: countCharacters(blocks) };
}
