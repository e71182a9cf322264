import { isThinking } from '../../message/kinds.js';
import type { UntypedBlock } from '../../message/untyped.js';
import { REMEMBERED, Recent } from '../model/recent.js';
import type { ContentReply, Reply } from '../model/reply.js';
import type { EmulatorParams } from '../model/request.js';

/** How the rest of a cut reply is sent. */
export interface ContinuationOptions {
  /**
   * How many characters the model repeats when a user turn asks it to continue. Default 0.
   */
  overlap?: number;
}

/** Remembers the reply to each conversation, to be able to send the rest of it. */
export interface ReplyMemory {
  /** The rest of an earlier reply, if the params ask for one. */
  findRest(params: EmulatorParams): ContentReply | undefined;
  remember(params: EmulatorParams, reply: Reply): void;
}

interface Turn {
  readonly role: string;
  readonly content: unknown;
}

export function createMemory({ overlap = 0 }: ContinuationOptions): ReplyMemory {
  const replies = new Recent<ContentReply>(REMEMBERED);
  const store = (turns: readonly Turn[], reply: ContentReply): void => {
    const key = toKey(turns);
    replies.set(key, reply, key.length);
  };
  return {
    findRest: ({ messages }) => {
      const turns = messages as readonly Turn[];
      const isPrefill = turns.at(-1)?.role === 'assistant';
      if (!isPrefill && !asksToContinue(turns)) return undefined;
      const at = turns.length - (isPrefill ? 1 : 2);
      const reply = replies.get(toKey(turns.slice(0, at)));
      const returned = toBlocks(turns[at]?.content);
      if (reply === undefined) return undefined;
      const repeated = isPrefill ? 0 : overlap;
      const blocks =
        getRest(reply.blocks, returned, repeated) ??
        getRest(reply.blocks, joinTexts(returned), repeated);
      if (blocks === undefined || (blocks.length === 0 && writesMore(reply, turns))) {
        return undefined;
      }
      const rest = { ...reply, blocks, error: undefined };
      // The rest can be cut too. After a prefill, the client asks for the rest of the whole reply.
      if (!isPrefill) store(turns, rest);
      return rest;
    },
    remember: ({ messages }, reply) => {
      const content = toContent(reply);
      if (content === undefined) return;
      const turns = messages as readonly Turn[];
      const last = turns.at(-1);
      const prefill = last?.role === 'assistant' ? toBlocks(last.content) : [];
      store(prefill.length > 0 ? turns.slice(0, -1) : turns, {
        ...content,
        blocks: join(prefill, content.blocks),
      });
    },
  };
}

function toContent(reply: Reply): ContentReply | undefined {
  if (reply.kind === 'content') return reply;
  return 'reply' in reply ? toContent(reply.reply as Reply) : undefined;
}

/** Whether a user turn right after the assistant's asks to continue. */
function asksToContinue(turns: readonly Turn[]): boolean {
  const [answer, request] = turns.slice(-2);
  if (answer?.role !== 'assistant' || request?.role !== 'user') return false;
  return contains(request, /\bcontinue\b/i);
}

/** Whether the model writes something new after a reply that was sent completely. */
function writesMore({ fields }: ContentReply, turns: readonly Turn[]): boolean {
  if (fields.stop_reason === 'pause_turn') return true;
  const last = turns.at(-1);
  return last?.role !== 'assistant' && !contains(last, /\binterrupted\b/i);
}

function contains(turn: Turn | undefined, pattern: RegExp): boolean {
  return toBlocks(turn?.content ?? []).some(({ text }) => pattern.test(String(text ?? '')));
}

function toKey(turns: readonly Turn[]): string {
  return JSON.stringify(turns.map(({ role, content }) => [role, toBlocks(content)]));
}

function toBlocks(content: unknown): UntypedBlock[] {
  return typeof content === 'string'
    ? [{ type: 'text', text: content }]
    : (content as UntypedBlock[]);
}

/** A client that was cut off more than once returns one text in several blocks. */
function joinTexts(blocks: readonly UntypedBlock[]): UntypedBlock[] {
  return blocks.reduce<UntypedBlock[]>((all, block) => join(all, [block]), []);
}

/** A text that starts in a prefill is one block with its rest. */
function join(prefill: readonly UntypedBlock[], rest: readonly UntypedBlock[]): UntypedBlock[] {
  const [last, first] = [prefill.at(-1), rest[0]];
  if (last?.type !== 'text' || first?.type !== 'text') return [...prefill, ...rest];
  const text = `${last.text}${first.text}`;
  return [...prefill.slice(0, -1), { ...first, text }, ...rest.slice(1)];
}

/**
 * What follows the blocks that a client returned; undefined if they aren't the start of the reply.
 * The client can have left out thinking.
 */
function getRest(
  replied: readonly UntypedBlock[],
  returned: readonly UntypedBlock[],
  overlap: number,
): UntypedBlock[] | undefined {
  let at = 0;
  for (const [index, block] of returned.entries()) {
    const isLast = index === returned.length - 1;
    while (isThinking(replied[at]) && !isThinking(block)) at++;
    const original = replied[at];
    if (original === undefined || !isStart(block, original, isLast)) return undefined;
    if (isLast && block.type === 'text' && original.text !== block.text) {
      const text = String(original.text).slice(Math.max(0, String(block.text).length - overlap));
      return [{ ...original, text }, ...replied.slice(at + 1)];
    }
    at++;
  }
  return replied.slice(at);
}

function isStart(returned: UntypedBlock, original: UntypedBlock, isLast: boolean): boolean {
  if (returned.type !== original.type) return false;
  if (returned.type !== 'text') return returned.name === original.name;
  return isLast
    ? String(original.text).startsWith(String(returned.text))
    : original.text === returned.text;
}
