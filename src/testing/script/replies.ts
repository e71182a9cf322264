import { scriptError } from '../model/error.js';
import type { Reply } from '../model/reply.js';
import type { EmulatorRequest } from '../model/request.js';
import { isReply } from './answer-reply.js';
import { isMatch, type Match } from './match.js';

/**
 * What an emulator answers: a list, or a function that is asked for each request.
 *
 * In a list, each request takes the next reply. An entry with `when` stands outside of that turn: it
 * answers the requests it matches, before the others. With a list of replies it gives each once.
 */
export type Replies = readonly (Reply | MatchedReply)[] | ReplyFunction;

/** Gives the reply to a request. */
export type ReplyFunction = (request: EmulatorRequest) => Reply | Promise<Reply>;

/** A reply to the requests that match. */
export interface MatchedReply {
  readonly when: Match;
  readonly reply: Reply | readonly Reply[];
}

/** Where the replies of an emulator come from. */
export interface ReplySource {
  /** The reply for the n-th request, from 1. Never rejects: what goes wrong is an error reply. */
  take(request: EmulatorRequest, number: number): Promise<Reply>;
  /** A line for each reply that nobody asked for so far. */
  unused(): string[];
}

/** @throws TypeError when the replies are neither a list nor a function. */
export function sourceOf(replies: Replies): ReplySource {
  if (typeof replies === 'function') {
    return { take: (request) => called(replies, request), unused: () => [] };
  }
  if (Array.isArray(replies)) return new ReplyList(replies);
  throw new TypeError(
    "there are no replies: write createEmulator({ replies: [reply.text('Hello')] })",
  );
}

class ReplyList implements ReplySource {
  readonly #entries: readonly unknown[];
  readonly #inTurn: readonly number[];
  readonly #taken = new Map<number, number>();
  #turn = 0;

  constructor(entries: readonly unknown[]) {
    this.#entries = entries;
    this.#inTurn = [...entries.keys()].filter((at) => !isMatched(entries[at]));
  }

  async take(request: EmulatorRequest, number: number): Promise<Reply> {
    for (const [at, entry] of this.#entries.entries()) {
      const found = isMatched(entry) ? this.#matched(entry, at, request) : undefined;
      if (found !== undefined) return checked(found, `entry ${at + 1}`);
    }
    const at = this.#inTurn[this.#turn];
    if (at === undefined) return this.#none(number);
    this.#turn++;
    this.#taken.set(at, 1);
    return checked(this.#entries[at], `reply ${at + 1}`);
  }

  unused(): string[] {
    return this.#entries.flatMap((entry, at) => {
      const { reply } = isMatched(entry) ? entry : { reply: entry };
      const taken = this.#taken.get(at) ?? 0;
      const left = Array.isArray(reply) ? reply.slice(taken) : taken > 0 ? [] : [reply];
      return left.map((one) => `${at + 1}: ${nameOf(one)}`);
    });
  }

  #matched({ when, reply }: MatchedReply, at: number, request: EmulatorRequest): unknown {
    const taken = this.#taken.get(at) ?? 0;
    if (Array.isArray(reply) && taken >= reply.length) return undefined;
    if (!isMatch(when, request)) return undefined;
    this.#taken.set(at, taken + 1);
    return Array.isArray(reply) ? reply[taken] : reply;
  }

  #none(number: number): Reply {
    const given = this.#inTurn.length;
    const isAllMatched = given === 0 && this.#entries.length > 0;
    return failed(
      isAllMatched
        ? `request ${number} matches none of the ${this.#entries.length} replies`
        : `reply ${number} was asked for, and only ${given} were given`,
    );
  }
}

function isMatched(entry: unknown): entry is MatchedReply {
  return typeof entry === 'object' && entry !== null && 'when' in entry;
}

async function called(replies: ReplyFunction, request: EmulatorRequest): Promise<Reply> {
  try {
    const given: unknown = await replies(request);
    if (isReply(given)) return given;
    return failed(`the reply function gave ${String(given)}: return reply.text('Hello')`);
  } catch (error) {
    return failed(`the reply function threw: ${error}`);
  }
}

function checked(given: unknown, place: string): Reply {
  return isReply(given) ? given : failed(`${place} is ${String(given)}: write reply.text('Hello')`);
}

function failed(message: string): Reply {
  return { kind: 'error', error: scriptError(message) };
}

const SHOWN = 40;

/** How a reply is told of: its kind and how it begins. */
function nameOf(given: unknown): string {
  if (!isReply(given)) return String(given);
  if (given.kind === 'error') return `error ${given.error.type}`;
  if (given.kind !== 'content') return given.kind;
  const [block] = given.blocks;
  const text = String(block?.text ?? block?.thinking ?? block?.name ?? '');
  return `${block?.type ?? 'content'} ${JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)}`;
}
