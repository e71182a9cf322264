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

const turnsOf = (value: unknown): readonly Turn[] => value as readonly Turn[];

const thinking: Rule = both(shape({ thinking: string, signature: string }), (value, path) =>
  isAltered(value as { thinking: string; signature: string })
    ? `${path}: Invalid \`signature\` in \`thinking\` block`
    : undefined,
);

/** Blocks of a request. */
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

const notNone: Rule = (value, path) =>
  Array.isArray(value) && value.length === 0
    ? problem(path, 'at least one message is required')
    : undefined;

/** One turn has something to say; an assistant turn at the end may be empty. */
const notEmpty: Rule = (value, path) => {
  const turns = turnsOf(value);
  return first(turns.entries(), ([at, { role, content }]) =>
    content.length > 0 || (role === 'assistant' && at === turns.length - 1)
      ? undefined
      : `${path}.${at}: all messages must have non-empty content except for the optional final assistant message`,
  );
};

const visibleText: Rule = (value, path) =>
  first(turnsOf(value), ({ content }) =>
    typeof content !== 'string' && content.some(({ type, text }) => type === 'text' && text === '')
      ? `${path}: text content blocks must be non-empty`
      : undefined,
  );

const beginsWithUser: Rule = (value, path) =>
  turnsOf(value).find(({ role }) => role !== 'system')?.role === 'assistant'
    ? `${path}: first message must use the "user" role`
    : undefined;

const endsVisibly: Rule = (value, path) => {
  const last = turnsOf(value).at(-1);
  const end = typeof last?.content === 'string' ? last.content : last?.content.at(-1)?.text;
  return last?.role === 'assistant' && typeof end === 'string' && /\s$/.test(end)
    ? `${path}: final assistant content cannot end with trailing whitespace`
    : undefined;
};

/** The param `messages`. Turns of one role in a row are one turn to the API, so it takes them. */
export const messages: Rule = both(
  notNone,
  turns,
  beginsWithUser,
  notEmpty,
  visibleText,
  endsVisibly,
  toolPairs,
);
