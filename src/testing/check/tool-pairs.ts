import { first, type Rule } from './rules.js';
import { joinTurns, type Message, type Placed, type Turn } from './turns.js';

/** Each `tool_use` has a `tool_result` at the start of the next turn, and vice versa. */
export const toolPairs: Rule = (value, path) => {
  // A system turn may stand between a call and its result.
  const turns = joinTurns(value as readonly Message[], path).filter(
    ({ role }) => role !== 'system',
  );
  return first(turns.entries(), ([at, turn]) => {
    const around = { turn, previous: turns[at - 1], next: turns[at + 1] };
    return first(PAIR_RULES, (rule) => rule(around));
  });
};

const getBlocks = (turn: Turn | undefined, type: string): Placed[] =>
  turn?.blocks.filter(({ block }) => block.type === type) ?? [];

const getIds = (calls: readonly Placed[]): unknown[] => calls.map(({ block }) => block.id);

/** A turn and its neighbors. */
interface Around {
  readonly turn: Turn;
  readonly previous: Turn | undefined;
  readonly next: Turn | undefined;
}

/** Returns what is wrong with the calls or results of a turn; undefined if nothing is. */
type PairRule = (around: Around) => string | undefined;

/** Of one turn: another turn may use an id again, as a recorded request shows. */
const uniqueIds: PairRule = ({ turn }) => {
  const ids = new Set<unknown>();
  return first(getBlocks(turn, 'tool_use'), ({ block, path }) => {
    if (ids.has(block.id)) return `${path}: \`tool_use\` ids must be unique`;
    ids.add(block.id);
    return undefined;
  });
};

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

/** Results that follow something else don't count: they must come first. */
function getLeadingResults(turn: Turn | undefined): Placed[] {
  const blocks = turn?.blocks ?? [];
  const end = blocks.findIndex(({ block }) => block.type !== 'tool_result');
  return end < 0 ? blocks : blocks.slice(0, end);
}

const callsAnswered: PairRule = ({ turn, next }) => {
  const answered = new Set(getLeadingResults(next).map(({ block }) => block.tool_use_id));
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
