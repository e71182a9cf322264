import type { UntypedBlock } from '../../message/untyped.js';
import { isAltered } from '../model/signature.js';
import {
  boolean,
  both,
  byType,
  first,
  listOf,
  oneOf,
  problem,
  type Rule,
  shape,
  string,
  stringOrList,
} from './rules.js';
import { toolPairs } from './tool-pairs.js';

interface Turn {
  readonly role: string;
  readonly content: string | readonly UntypedBlock[];
}

const asTurns = (value: unknown): readonly Turn[] => value as readonly Turn[];

const thinking: Rule = both(shape({ thinking: string, signature: string }), (value, path) =>
  isAltered(value as { thinking: string; signature: string })
    ? `${path}: Invalid \`signature\` in \`thinking\` block`
    : undefined,
);

/** A block of a request. */
const block: Rule = byType({
  text: shape({ text: string }),
  image: shape({ source: byType({}) }),
  document: shape({ source: byType({}) }),
  thinking,
  redacted_thinking: shape({ data: string }),
  tool_use: shape({ id: string, name: string, input: shape({}) }),
  server_tool_use: shape({ id: string, name: string, input: shape({}) }),
  tool_result: shape({ tool_use_id: string }, { content: stringOrList, is_error: boolean }),
});

const blocks: Rule = listOf(block);

const content: Rule = both(stringOrList, (value, path) =>
  typeof value === 'string' ? undefined : blocks(value, path),
);

const turns: Rule = listOf(shape({ role: oneOf('user', 'assistant', 'system'), content }));

const notEmptyList: Rule = (value, path) =>
  Array.isArray(value) && value.length === 0
    ? problem(path, 'at least one message is required')
    : undefined;

/** Only an assistant turn at the end can be empty. */
const notEmptyTurns: Rule = (value, path) => {
  const turns = asTurns(value);
  return first(turns.entries(), ([at, { role, content }]) =>
    content.length > 0 || (role === 'assistant' && at === turns.length - 1)
      ? undefined
      : `${path}.${at}: all messages must have non-empty content except for the optional final assistant message`,
  );
};

const visibleText: Rule = (value, path) =>
  first(asTurns(value), ({ content }) =>
    typeof content !== 'string' && content.some(({ type, text }) => type === 'text' && text === '')
      ? `${path}: text content blocks must be non-empty`
      : undefined,
  );

const startsWithUser: Rule = (value, path) =>
  asTurns(value).find(({ role }) => role !== 'system')?.role === 'assistant'
    ? `${path}: first message must use the "user" role`
    : undefined;

const noTrailingSpace: Rule = (value, path) => {
  const last = asTurns(value).at(-1);
  const end = typeof last?.content === 'string' ? last.content : last?.content.at(-1)?.text;
  return last?.role === 'assistant' && typeof end === 'string' && /\s$/.test(end)
    ? `${path}: final assistant content cannot end with trailing whitespace`
    : undefined;
};

/** The param `messages`. Consecutive turns of one role are accepted: to the API they are one turn. */
export const messages: Rule = both(
  notEmptyList,
  turns,
  startsWithUser,
  notEmptyTurns,
  visibleText,
  noTrailingSpace,
  toolPairs,
);
