import { toScriptError } from '../model/error.js';
import type { Reply } from '../model/reply.js';
import type { EmulatorRequest } from '../model/request.js';
import { isReply } from './answer-reply.js';
import { isMatch, type Match } from './match.js';

/**
 * The replies of an emulator: a list, or a function that is called for each request.
 *
 * Each request takes the next reply of a list. An entry with `when` is not part of that order: it
 * answers the requests that match, before the others. Its list of replies is used once, in order.
 */
export type Replies = readonly (Reply | MatchedReply)[] | ReplyFunction;

/** Returns the reply to a request. */
export type ReplyFunction = (request: EmulatorRequest) => Reply | Promise<Reply>;

/** A reply to the requests that match. */
export interface MatchedReply {
  readonly when: Match;
  readonly reply: Reply | readonly Reply[];
}

/** Hands out the replies of an emulator. */
export interface ReplySource {
  /** The reply to the n-th request, from 1. Never rejects: a failure is an error reply. */
  take(request: EmulatorRequest, number: number): Promise<Reply>;
  /** A line for each unused reply. */
  listUnused(): string[];
}

/** @throws TypeError if the replies are neither a list nor a function. */
export function createReplySource(replies: Replies): ReplySource {
  if (typeof replies === 'function') {
    return { take: (request) => callReplies(replies, request), listUnused: () => [] };
  }
  if (Array.isArray(replies)) return new ReplyList(replies);
  throw new TypeError(
    "there are no replies: write createEmulator({ replies: [reply.text('Hello')] })",
  );
}

class ReplyList implements ReplySource {
  readonly #entries: readonly unknown[];
  /** The indices of the entries without `when`. */
  readonly #ordered: readonly number[];
  readonly #taken = new Map<number, number>();
  #next = 0;

  constructor(entries: readonly unknown[]) {
    this.#entries = entries;
    this.#ordered = [...entries.keys()].filter((at) => !isMatchedReply(entries[at]));
  }

  async take(request: EmulatorRequest, number: number): Promise<Reply> {
    for (const [at, entry] of this.#entries.entries()) {
      const found = isMatchedReply(entry) ? this.#takeMatch(entry, at, request) : undefined;
      if (found !== undefined) return checkReply(found, `entry ${at + 1}`);
    }
    const at = this.#ordered[this.#next];
    if (at === undefined) return this.#noReply(number);
    this.#next++;
    this.#taken.set(at, 1);
    return checkReply(this.#entries[at], `reply ${at + 1}`);
  }

  listUnused(): string[] {
    return this.#entries.flatMap((entry, at) => {
      const { reply } = isMatchedReply(entry) ? entry : { reply: entry };
      const taken = this.#taken.get(at) ?? 0;
      const left = Array.isArray(reply) ? reply.slice(taken) : taken > 0 ? [] : [reply];
      return left.map((one) => `${at + 1}: ${describe(one)}`);
    });
  }

  #takeMatch({ when, reply }: MatchedReply, at: number, request: EmulatorRequest): unknown {
    const taken = this.#taken.get(at) ?? 0;
    if (Array.isArray(reply) && taken >= reply.length) return undefined;
    if (!isMatch(when, request)) return undefined;
    this.#taken.set(at, taken + 1);
    return Array.isArray(reply) ? reply[taken] : reply;
  }

  #noReply(number: number): Reply {
    const count = this.#ordered.length;
    const hasOnlyMatches = count === 0 && this.#entries.length > 0;
    return toErrorReply(
      hasOnlyMatches
        ? `request ${number} matches none of the ${this.#entries.length} replies`
        : `there is no reply ${number}: the list has ${count}. Add one, or pass a function as replies`,
    );
  }
}

function isMatchedReply(entry: unknown): entry is MatchedReply {
  return typeof entry === 'object' && entry !== null && 'when' in entry;
}

async function callReplies(replies: ReplyFunction, request: EmulatorRequest): Promise<Reply> {
  try {
    const returned: unknown = await replies(request);
    if (isReply(returned)) return returned;
    return toErrorReply(
      `the reply function returned ${String(returned)}: return reply.text('Hello')`,
    );
  } catch (error) {
    return toErrorReply(`the reply function threw: ${error}`);
  }
}

function checkReply(value: unknown, place: string): Reply {
  if (isReply(value)) return value;
  return toErrorReply(`${place} is ${String(value)}: write reply.text('Hello')`);
}

function toErrorReply(message: string): Reply {
  return { kind: 'error', error: toScriptError(message) };
}

const MAX_SHOWN = 40;

/** The kind of a reply and how it starts. */
function describe(value: unknown): string {
  if (!isReply(value)) return String(value);
  if (value.kind === 'error') return `error ${value.error.type}`;
  if (value.kind !== 'content') return value.kind;
  const [block] = value.blocks;
  const text = String(block?.text ?? block?.thinking ?? block?.name ?? '');
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return `${block?.type ?? 'content'} ${JSON.stringify(shown)}`;
}
