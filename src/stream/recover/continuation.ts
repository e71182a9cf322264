import type { LooseBlock } from '../../message/loose.js';
import { toMessageParam } from '../../message/to-message-param.js';
import type { ContentBlock } from '../../wire/blocks.js';
import type { RecoveryMode } from './options.js';

/** What was received before the break. */
export interface Broken {
  content: readonly LooseBlock[];
  /** The place of the block that was not finished; undefined between blocks. */
  open: number | undefined;
}

/** What of a broken message is kept, and where the rest joins it. */
export interface Continuation {
  /** The blocks before this place are kept, those from here on are asked for anew. */
  keep: number;
  /** The text block that is continued; the last of the kept ones. */
  text: number | undefined;
}

/**
 * What can be kept of a broken message (WIRE, "Continuing after a cut"): finished blocks, and a text
 * that was being written. A thinking block or tool call in the making is asked for anew, with the
 * thinking right before it: a turn may not end in thinking.
 * @returns undefined where the message cannot be continued: after a finished tool call the API takes
 * nothing but its result.
 */
export function continuationOf({ content, open }: Broken): Continuation | undefined {
  if (open !== undefined && content[open]?.type === 'text') {
    return open === content.length - 1 ? { keep: content.length, text: open } : undefined;
  }
  let keep = open ?? content.length;
  while (isThinking(content[keep - 1])) keep--;
  return content[keep - 1]?.type === 'tool_use' ? undefined : { keep, text: undefined };
}

interface Turn {
  role: string;
  content: unknown;
}

/**
 * The params of the request for the rest.
 * @returns also the white space at the end of the text that could not be sent along: the API takes no
 * prefill that ends in it.
 */
export function continuedParams(
  params: Readonly<Record<string, unknown>>,
  kept: readonly LooseBlock[],
  mode: RecoveryMode,
): { params: Readonly<Record<string, unknown>>; whitespace: string } {
  const blocks = sendable(kept);
  const last = blocks.at(-1);
  if (last === undefined) return { params, whitespace: textOf(kept.at(-1)) };
  const messages = (params.messages ?? []) as readonly Turn[];
  if (mode === 'instruct') {
    const turns = [...withAnswer(messages, blocks), { role: 'user', content: request(last) }];
    return { params: { ...params, messages: turns }, whitespace: '' };
  }
  const trimmed = textOf(last).trimEnd();
  const whitespace = textOf(last).slice(trimmed.length);
  const prefill = whitespace === '' ? blocks : [...blocks.slice(0, -1), { ...last, text: trimmed }];
  return { params: { ...params, messages: withAnswer(messages, prefill) }, whitespace };
}

function sendable(kept: readonly LooseBlock[]): LooseBlock[] {
  const message = { content: kept as unknown as ContentBlock[], stop_reason: null };
  const blocks = [...(toMessageParam(message).content as unknown as LooseBlock[])];
  while (isThinking(blocks.at(-1))) blocks.pop();
  return blocks;
}

/** A conversation that ends with the caller's own prefill goes on in that turn. */
function withAnswer(messages: readonly Turn[], answer: readonly LooseBlock[]): Turn[] {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return [...messages, { role: 'assistant', content: answer }];
  const before =
    typeof last.content === 'string' ? [{ type: 'text', text: last.content }] : last.content;
  return [
    ...messages.slice(0, -1),
    { role: 'assistant', content: [...(before as LooseBlock[]), ...answer] },
  ];
}

/** How much of the text is quoted, for the model to find the place. */
const QUOTED = 200;

function request(last: LooseBlock): string {
  const ending = textOf(last).slice(-QUOTED);
  const place = ending === '' ? '' : ` and ended with ${JSON.stringify(ending)}`;
  return (
    `Your previous response was interrupted${place}. Continue from exactly where you left off: ` +
    'write only what comes next, without repeating anything and without a word about the interruption.'
  );
}

function textOf(block: LooseBlock | undefined): string {
  return block?.type === 'text' && typeof block.text === 'string' ? block.text : '';
}

function isThinking(block: LooseBlock | undefined): boolean {
  return block?.type === 'thinking' || block?.type === 'redacted_thinking';
}
