import { isReply } from './answer.js';
import { scriptError } from './api-error.js';
import type { Reply } from './reply.js';
import type { EmulatorRequest } from './request.js';

/** What an emulator answers: replies in turn, or a function that is asked for each request. */
export type Replies = readonly Reply[] | ((request: EmulatorRequest) => Reply | Promise<Reply>);

/** Gives the reply for the n-th request, from 1. Never rejects: what goes wrong is an error reply. */
export type TakeReply = (request: EmulatorRequest, number: number) => Promise<Reply>;

/** @throws TypeError when the replies are neither a list nor a function. */
export function takerOf(replies: Replies): TakeReply {
  if (typeof replies === 'function') return (request) => called(replies, request);
  if (Array.isArray(replies)) return async (_, number) => replyOf(replies, number);
  throw new TypeError(
    "there are no replies: write createEmulator({ replies: [reply.text('Hello')] })",
  );
}

async function called(
  replies: (request: EmulatorRequest) => Reply | Promise<Reply>,
  request: EmulatorRequest,
): Promise<Reply> {
  try {
    const given: unknown = await replies(request);
    if (isReply(given)) return given;
    return failed(`the reply function gave ${String(given)}: return reply.text('Hello')`);
  } catch (error) {
    return failed(`the reply function threw: ${error}`);
  }
}

function replyOf(replies: readonly Reply[], number: number): Reply {
  if (number > replies.length) {
    return failed(`reply ${number} was asked for, and only ${replies.length} were given`);
  }
  const given: unknown = replies[number - 1];
  if (isReply(given)) return given;
  return failed(`reply ${number} is ${String(given)}: write reply.text('Hello')`);
}

function failed(message: string): Reply {
  return { kind: 'error', error: scriptError(message) };
}
