import type { LooseBlock } from '../message/loose.js';
import type { Rule } from './rules.js';

/** A block of a turn, and where in the request it is. */
interface Placed {
  readonly block: LooseBlock;
  readonly path: string;
}

/** Messages of one role in a row, which to the API are one turn. */
interface Turn {
  readonly role: string;
  readonly path: string;
  readonly blocks: Placed[];
}

/** Each `tool_use` has its `tool_result` at the start of the next turn, and the other way round. */
export const toolPairs: Rule = (value, path) => {
  const turns = turnsOf(value as readonly Message[], path);
  const seen = new Set<unknown>();
  for (const [at, turn] of turns.entries()) {
    const problem =
      repeatedId(turn, seen) ?? strayResult(turn, turns[at - 1]) ?? openCall(turn, turns[at + 1]);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

interface Message {
  readonly role: string;
  readonly content: string | readonly LooseBlock[];
}

function turnsOf(messages: readonly Message[], path: string): Turn[] {
  const turns: Turn[] = [];
  for (const [at, { role, content }] of messages.entries()) {
    if (role === 'system') continue;
    if (turns.at(-1)?.role !== role) turns.push({ role, path: `${path}.${at}`, blocks: [] });
    const blocks = typeof content === 'string' ? [] : content;
    for (const [index, block] of blocks.entries()) {
      turns.at(-1)?.blocks.push({ block, path: `${path}.${at}.content.${index}` });
    }
  }
  return turns;
}

const ofType = (turn: Turn | undefined, type: string): Placed[] =>
  turn?.blocks.filter(({ block }) => block.type === type) ?? [];

function repeatedId(turn: Turn, seen: Set<unknown>): string | undefined {
  for (const { block, path } of ofType(turn, 'tool_use')) {
    if (seen.has(block.id)) return `${path}: \`tool_use\` ids must be unique`;
    seen.add(block.id);
  }
  return undefined;
}

function strayResult(turn: Turn, before: Turn | undefined): string | undefined {
  const calls = new Set(ofType(before, 'tool_use').map(({ block }) => block.id));
  const answered = new Set<unknown>();
  for (const { block, path } of ofType(turn, 'tool_result')) {
    const { tool_use_id: id } = block;
    if (turn.role !== 'user') {
      return `${path}: \`tool_result\` blocks can only be in \`user\` messages`;
    }
    if (!calls.has(id)) {
      return `${path}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
    }
    if (answered.has(id)) {
      return `${path}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`;
    }
    answered.add(id);
  }
  return undefined;
}

function openCall(turn: Turn, next: Turn | undefined): string | undefined {
  const calls = ofType(turn, 'tool_use');
  const [call] = calls;
  if (call !== undefined && turn.role !== 'assistant') {
    return `${call.path}: \`tool_use\` blocks can only be in \`assistant\` messages`;
  }
  const answered = new Set(ofType(next, 'tool_result').map(({ block }) => block.tool_use_id));
  const open = calls.filter(({ block }) => !answered.has(block.id)).map(({ block }) => block.id);
  if (open.length === 0) return undefined;
  return `${turn.path}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
}
