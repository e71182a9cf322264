import { inputState } from '../../message/input-state.js';
import type { UntypedBlock } from '../../message/untyped.js';
import type { ContentReply, ReplyOptions } from '../model/reply.js';
import type { EmulatorParams } from '../model/request.js';
import { toSignature } from '../model/signature.js';
import { CHARACTERS_PER_TOKEN, getWrittenText } from '../model/tokens.js';

/**
 * A reply cut at the request's `stop_sequences` and `max_tokens`. The stop reason of a cut overrides the
 * reply's own.
 */
export function limitReply(
  reply: ContentReply,
  { stop_sequences, max_tokens }: Pick<EmulatorParams, 'stop_sequences' | 'max_tokens'>,
): { reply: ContentReply; isCut: boolean } {
  const stopped = cutAtSequence(reply.blocks, stop_sequences ?? []);
  const cut = cutAtTokens(stopped?.blocks ?? reply.blocks, max_tokens);
  const end: ReplyOptions | undefined =
    cut !== undefined
      ? { stop_reason: 'max_tokens' }
      : stopped && { stop_reason: 'stop_sequence', stop_sequence: stopped.sequence };
  if (end === undefined) return { reply, isCut: false };
  const blocks = cut ?? stopped?.blocks ?? reply.blocks;
  return { reply: { ...reply, blocks, fields: { ...reply.fields, ...end } }, isCut: true };
}

/** The blocks before the first stop sequence; undefined if their texts contain none. */
function cutAtSequence(
  blocks: readonly UntypedBlock[],
  sequences: readonly string[],
): { blocks: UntypedBlock[]; sequence: string } | undefined {
  for (const [index, block] of blocks.entries()) {
    if (block.type !== 'text') continue;
    const text = String(block.text);
    const [first] = sequences
      .map((sequence) => ({ sequence, at: text.indexOf(sequence) }))
      .filter(({ at }) => at !== -1)
      .sort((a, b) => a.at - b.at);
    if (first === undefined) continue;
    return {
      blocks: withLast(blocks.slice(0, index), { ...block, text: text.slice(0, first.at) }),
      sequence: first.sequence,
    };
  }
  return undefined;
}

/** The blocks that fit; undefined if all do. */
function cutAtTokens(
  blocks: readonly UntypedBlock[],
  tokens: number | undefined,
): UntypedBlock[] | undefined {
  let left = (tokens ?? Number.POSITIVE_INFINITY) * CHARACTERS_PER_TOKEN;
  for (const [index, block] of blocks.entries()) {
    const { length } = getWrittenText(block);
    if (length > left || tokens === 0) {
      return withLast(blocks.slice(0, index), cutBlock(block, left));
    }
    left -= length;
  }
  return undefined;
}

/** The start of a block; undefined for blocks that the model doesn't write piece by piece. */
function cutBlock(block: UntypedBlock, characters: number): UntypedBlock | undefined {
  return CUTS.get(block.type)?.(block, characters);
}

const CUTS: ReadonlyMap<string, (block: UntypedBlock, characters: number) => UntypedBlock> =
  new Map([
    [
      'text',
      (block: UntypedBlock, n: number) => ({ ...block, text: cutText(String(block.text), n) }),
    ],
    [
      'thinking',
      (block: UntypedBlock, n: number) => {
        const thinking = cutText(String(block.thinking), n);
        return { ...block, thinking, signature: toSignature(thinking) };
      },
    ],
    ['tool_use', cutInput],
    ['server_tool_use', cutInput],
  ]);

function cutInput(block: UntypedBlock, characters: number): UntypedBlock {
  const json = inputState(block)?.json ?? JSON.stringify(block.input);
  return { ...block, input: {}, inputState: { status: 'cut', json: cutText(json, characters) } };
}

/** Doesn't split a surrogate pair. */
function cutText(text: string, length: number): string {
  const isSplit = /[\ud800-\udbff]/.test(text[length - 1] ?? '');
  return text.slice(0, isSplit ? length - 1 : length);
}

function withLast(before: readonly UntypedBlock[], last: UntypedBlock | undefined): UntypedBlock[] {
  const isEmpty = last === undefined || last.text === '' || last.thinking === '';
  return isEmpty ? [...before] : [...before, last];
}
