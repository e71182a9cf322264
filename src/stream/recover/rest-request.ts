import { isThinking } from '../../message/kinds.js';
import { toMessageParam } from '../../message/to-message-param.js';
import type { UntypedBlock } from '../../message/untyped.js';
import type { ContentBlock } from '../../wire/blocks.js';
import type { RecoverInfo, RecoveryMode } from './options.js';

/** Params of a request, as JSON has them. */
export type Params = Readonly<Record<string, unknown>>;

/** A request for the rest of a message. */
export interface RestRequest {
  params: Params;
  kind: RecoverInfo['mode'];
  /**
   * The white space at the end of the text that could not be sent along: the API takes no prefill that
   * ends in it.
   */
  whitespace: string;
}

/** The request that asks for what comes after the kept blocks. */
export function restRequest(
  params: Params,
  kept: readonly UntypedBlock[],
  mode: RecoveryMode,
): RestRequest {
  const blocks = sendable(kept);
  const last = blocks.at(-1);
  const text = textOf(kept.at(-1));
  const whitespace = text.slice(text.trimEnd().length);
  if (last === undefined) return { params, kind: 'from-scratch', whitespace };
  const before = (params.messages ?? []) as readonly Turn[];
  const [messages, unsent] =
    mode === 'prefill'
      ? [withAnswer(before, [...blocks.slice(0, -1), trimmed(last)]), whitespace]
      : [[...withAnswer(before, blocks), { role: 'user', content: request(last) }], ''];
  return { params: { ...params, messages }, kind: mode, whitespace: unsent };
}

interface Turn {
  role: string;
  content: unknown;
}

function sendable(kept: readonly UntypedBlock[]): UntypedBlock[] {
  const message = { content: kept as unknown as ContentBlock[], stop_reason: null };
  const blocks = [...(toMessageParam(message).content as unknown as UntypedBlock[])];
  while (isThinking(blocks.at(-1))) blocks.pop();
  return blocks;
}

/** A conversation that ends with the caller's own prefill goes on in that turn. */
function withAnswer(messages: readonly Turn[], answer: readonly UntypedBlock[]): Turn[] {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return [...messages, { role: 'assistant', content: answer }];
  const before =
    typeof last.content === 'string' ? [{ type: 'text', text: last.content }] : last.content;
  const content = [...(before as UntypedBlock[]), ...answer];
  return [...messages.slice(0, -1), { role: 'assistant', content }];
}

function trimmed(block: UntypedBlock): UntypedBlock {
  return block.type === 'text' ? { ...block, text: textOf(block).trimEnd() } : block;
}

/** How much of the text is quoted, for the model to find the place. */
const QUOTED = 200;

function request(last: UntypedBlock): string {
  const ending = textOf(last).slice(-QUOTED);
  const place = ending === '' ? '' : ` and ended with ${JSON.stringify(ending)}`;
  return (
    `Your previous response was interrupted${place}. Continue from exactly where you left off: ` +
    'write only what comes next, without repeating anything and without a word about the interruption.'
  );
}

function textOf(block: UntypedBlock | undefined): string {
  return block?.type === 'text' && typeof block.text === 'string' ? block.text : '';
}
