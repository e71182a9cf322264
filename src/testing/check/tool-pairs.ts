import type { UntypedBlock } from '../../message/untyped.js';
import { first, type Rule } from './rules.js';

/** A block of a turn, and its path in the request. */
interface Placed {
  readonly block: UntypedBlock;
  readonly path: string;
}

/** Consecutive messages of one role: to the API they are one turn. */
interface Turn {
  readonly role: string;
  readonly path: string;
  readonly blocks: Placed[];
}

/** Each `tool_use` has a `tool_result` at the start of the next turn, and vice versa. */
export const toolPairs: Rule = (value, path) => {
  const turns = toTurns(value as readonly Message[], path);
  const ids = new Set<unknown>();
  return first(turns.entries(), ([at, turn]) => {
    const around = { turn, ids, previous: turns[at - 1], next: turns[at + 1] };
    return first(PAIR_RULES, (rule) => rule(around));
  });
};

interface Message {
  readonly role: string;
  readonly content: string | readonly UntypedBlock[];
}

function toTurns(messages: readonly Message[], path: string): Turn[] {
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

const getBlocks = (turn: Turn | undefined, type: string): Placed[] =>
  turn?.blocks.filter(({ block }) => block.type === type) ?? [];

const getIds = (calls: readonly Placed[]): unknown[] => calls.map(({ block }) => block.id);

/** A turn and its neighbors. */
interface Around {
  readonly turn: Turn;
  /** The ids of the calls before it, and of its own once they are checked. */
  readonly ids: Set<unknown>;
  readonly previous: Turn | undefined;
  readonly next: Turn | undefined;
}

/** Returns what is wrong with the calls or results of a turn; undefined if nothing is. */
type PairRule = (around: Around) => string | undefined;

const uniqueIds: PairRule = ({ turn, ids }) =>
  first(getBlocks(turn, 'tool_use'), ({ block, path }) => {
    if (ids.has(block.id)) return `${path}: \`tool_use\` ids must be unique`;
    ids.add(block.id);
    return undefined;
  });

const resultsFromUser: PairRule = ({ turn }) =>
  first(getBlocks(turn, 'tool_result'), ({ path }) =>
    turn.role === 'user'
      ? undefined
      : `${path}: \`tool_result\` blocks can only be in \`user\` messages`,
  );

const resultsForCalls: PairRule = ({ turn, previous }) => {
  const calls = new Set(getIds(getBlocks(previous, 'tool_use')));
  return first(getBlocks(turn, 'tool_result'), ({ block: { tool_use_id: id }, path }) =>
    calls.has(id)
      ? undefined
      : `${path}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
  );
};

const singleResults: PairRule = ({ turn }) => {
  const answered = new Set<unknown>();
  return first(getBlocks(turn, 'tool_result'), ({ block: { tool_use_id: id }, path }) => {
    if (answered.has(id)) {
      return `${path}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`;
    }
    answered.add(id);
    return undefined;
  });
};

const callsFromAssistant: PairRule = ({ turn }) =>
  first(getBlocks(turn, 'tool_use'), ({ path }) =>
    turn.role === 'assistant'
      ? undefined
      : `${path}: \`tool_use\` blocks can only be in \`assistant\` messages`,
  );

const callsAnswered: PairRule = ({ turn, next }) => {
  const answered = new Set(getBlocks(next, 'tool_result').map(({ block }) => block.tool_use_id));
  const open = getIds(getBlocks(turn, 'tool_use')).filter((id) => !answered.has(id));
  return open.length === 0
    ? undefined
    : `${turn.path}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
};

const PAIR_RULES: readonly PairRule[] = [
  uniqueIds,
  resultsFromUser,
  resultsForCalls,
  singleResults,
  callsFromAssistant,
  callsAnswered,
];
