import type { UntypedBlock } from '../../message/untyped.js';
import type { ContentReply, Reply } from '../model/reply.js';
import type { EmulatorParams } from '../model/request.js';

/** How the rest of a reply that was cut is given. */
export interface ContinuationOptions {
  /**
   * How many characters of what it wrote the model repeats where a user turn asks it to go on.
   * Default 0.
   */
  overlap?: number;
}

/** Remembers what was replied to each conversation, to be able to give the rest of it. */
export interface ReplyMemory {
  /** The rest of an earlier reply, where the params ask for one. */
  restFor(params: EmulatorParams): ContentReply | undefined;
  remember(params: EmulatorParams, reply: Reply): void;
}

interface Turn {
  readonly role: string;
  readonly content: unknown;
}

/** Of conversations; what is older is forgotten. */
const MOST = 1000;

export function createMemory({ overlap = 0 }: ContinuationOptions): ReplyMemory {
  const replies = new Map<string, ContentReply>();
  const keep = (turns: readonly Turn[], reply: ContentReply): void => {
    replies.set(keyOf(turns), reply);
    const [oldest] = replies.keys();
    if (replies.size > MOST && oldest !== undefined) replies.delete(oldest);
  };
  return {
    restFor: ({ messages }) => {
      const turns = messages as readonly Turn[];
      const isPrefill = turns.at(-1)?.role === 'assistant';
      if (!isPrefill && !asksToContinue(turns)) return undefined;
      const at = turns.length - (isPrefill ? 1 : 2);
      const given = replies.get(keyOf(turns.slice(0, at)));
      const sent = blocksOf(turns[at]?.content);
      if (given === undefined) return undefined;
      const most = isPrefill ? 0 : overlap;
      const blocks =
        restOf(given.blocks, sent, most) ?? restOf(given.blocks, withTextsJoined(sent), most);
      if (blocks === undefined || (blocks.length === 0 && goesOn(given, turns))) return undefined;
      const rest = { ...given, blocks, error: undefined };
      // It may be cut as well; the rest of a prefill is asked for as that of the whole.
      if (!isPrefill) keep(turns, rest);
      return rest;
    },
    remember: ({ messages }, reply) => {
      const content = contentOf(reply);
      if (content === undefined) return;
      const turns = messages as readonly Turn[];
      const last = turns.at(-1);
      const prefill = last?.role === 'assistant' ? blocksOf(last.content) : [];
      keep(prefill.length > 0 ? turns.slice(0, -1) : turns, {
        ...content,
        blocks: joined(prefill, content.blocks),
      });
    },
  };
}

function contentOf(reply: Reply): ContentReply | undefined {
  if (reply.kind === 'content') return reply;
  return 'reply' in reply ? contentOf(reply.reply as Reply) : undefined;
}

/** In a user turn right after the assistant's. */
function asksToContinue(turns: readonly Turn[]): boolean {
  const [answer, request] = turns.slice(-2);
  if (answer?.role !== 'assistant' || request?.role !== 'user') return false;
  return says(request, /\bcontinue\b/i);
}

/** Whether the model writes something new after a reply that was sent whole. */
function goesOn({ fields }: ContentReply, turns: readonly Turn[]): boolean {
  if (fields.stop_reason === 'pause_turn') return true;
  const last = turns.at(-1);
  return last?.role !== 'assistant' && !says(last, /\binterrupted\b/i);
}

function says(turn: Turn | undefined, what: RegExp): boolean {
  return blocksOf(turn?.content ?? []).some(({ text }) => what.test(String(text ?? '')));
}

function keyOf(turns: readonly Turn[]): string {
  return JSON.stringify(turns.map(({ role, content }) => [role, blocksOf(content)]));
}

function blocksOf(content: unknown): UntypedBlock[] {
  return typeof content === 'string'
    ? [{ type: 'text', text: content }]
    : (content as UntypedBlock[]);
}

/** Who was cut more than once sends one text in pieces. */
function withTextsJoined(blocks: readonly UntypedBlock[]): UntypedBlock[] {
  return blocks.reduce<UntypedBlock[]>((all, block) => joined(all, [block]), []);
}

/** A text that a prefill began is one block with its rest. */
function joined(prefill: readonly UntypedBlock[], rest: readonly UntypedBlock[]): UntypedBlock[] {
  const [last, first] = [prefill.at(-1), rest[0]];
  if (last?.type !== 'text' || first?.type !== 'text') return [...prefill, ...rest];
  const text = `${last.text}${first.text}`;
  return [...prefill.slice(0, -1), { ...first, text }, ...rest.slice(1)];
}

/**
 * What comes after the blocks that a client sent back; undefined where they are not the start of what
 * was given. It may have left thinking out.
 */
function restOf(
  given: readonly UntypedBlock[],
  sent: readonly UntypedBlock[],
  overlap: number,
): UntypedBlock[] | undefined {
  let at = 0;
  for (const [place, block] of sent.entries()) {
    const isLast = place === sent.length - 1;
    while (isThinking(given[at]) && !isThinking(block)) at++;
    const there = given[at];
    if (there === undefined || !isStart(block, there, isLast)) return undefined;
    if (isLast && block.type === 'text' && there.text !== block.text) {
      const text = String(there.text).slice(Math.max(0, String(block.text).length - overlap));
      return [{ ...there, text }, ...given.slice(at + 1)];
    }
    at++;
  }
  return given.slice(at);
}

function isThinking(block: UntypedBlock | undefined): boolean {
  return block?.type === 'thinking' || block?.type === 'redacted_thinking';
}

function isStart(sent: UntypedBlock, given: UntypedBlock, isLast: boolean): boolean {
  if (sent.type !== given.type) return false;
  if (sent.type !== 'text') return sent.name === given.name;
  return isLast ? String(given.text).startsWith(String(sent.text)) : given.text === sent.text;
}
