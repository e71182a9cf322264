import { EFFORTS } from '../model/model-facts.js';
import { BLOCKS, textBlock } from './blocks.js';
import {
  both,
  dictionary,
  first,
  list,
  listOf,
  oneOf,
  problem,
  type Rule,
  shape,
  string,
  stringOr,
  tagged,
} from './rules.js';
import { finalThinking } from './thinking-order.js';
import { toolPairs } from './tool-pairs.js';
import { joinTurns, type Message } from './turns.js';

const asMessages = (value: unknown): readonly Message[] => value as readonly Message[];

const blocks: Rule = listOf(tagged(BLOCKS));

const { text, tool_addition, tool_removal } = BLOCKS as Record<string, Rule>;

const systemBlocks: Rule = listOf(
  tagged({
    text: text as Rule,
    tool_addition: tool_addition as Rule,
    tool_removal: tool_removal as Rule,
  }),
);

/** Which roles a model takes is checked with the facts of the model. */
const turn: Rule = (value, path) =>
  dictionary(value, path) ??
  ((value as Message).role === 'system'
    ? shape(
        { role: string },
        {
          content: stringOr(systemBlocks),
          clear_at: oneOf('next_user_message', 'never'),
          output_config: shape({}, { effort: oneOf(...EFFORTS) }),
        },
      )
    : shape({ role: oneOf('user', 'assistant'), content: stringOr(blocks) }))(value, path);

const notEmptyList: Rule = (value, path) =>
  Array.isArray(value) && value.length === 0
    ? problem(path, 'at least one message is required')
    : undefined;

/** Only an assistant turn at the end can be empty. */
const notEmptyTurns: Rule = (value, path) => {
  const turns = asMessages(value);
  return first(turns.entries(), ([at, { role, content }]) =>
    role === 'system' || content.length > 0 || (role === 'assistant' && at === turns.length - 1)
      ? undefined
      : `${path}.${at}: all messages must have non-empty content except for the optional final assistant message`,
  );
};

/** Why the texts of a turn are refused; spaces pass beside a tool call of the assistant. */
function checkTexts({ role, content }: Message): string | undefined {
  if (typeof content === 'string') {
    return role === 'user' && content.trim() === ''
      ? 'text content blocks must contain non-whitespace text'
      : undefined;
  }
  const texts = (content ?? []).filter(({ type }) => type === 'text');
  if (texts.some(({ text }) => text === '')) return 'text content blocks must be non-empty';
  const isBlank = texts.some(({ text }) => String(text).trim() === '');
  const isBesideOthers = role === 'assistant' && texts.length < content.length;
  return isBlank && !isBesideOthers
    ? 'text content blocks must contain non-whitespace text'
    : undefined;
}

const visibleText: Rule = (value, path) =>
  first(asMessages(value), (message) => {
    const wrong = checkTexts(message);
    return wrong === undefined ? undefined : problem(path, wrong);
  });

const noTrailingSpace: Rule = (value, path) => {
  const last = asMessages(value).at(-1);
  const end = typeof last?.content === 'string' ? last.content : last?.content?.at(-1)?.text;
  return last?.role === 'assistant' && typeof end === 'string' && /\s$/.test(end)
    ? problem(path, 'final assistant content cannot end with trailing whitespace')
    : undefined;
};

/** The blocks that only the other side sends. */
const FROM_USER = new Set(['image', 'document', 'search_result', 'container_upload']);

const userBlocks: Rule = (value, path) =>
  first(joinTurns(asMessages(value), path), ({ role, blocks }) =>
    role !== 'assistant'
      ? undefined
      : first(blocks, ({ block: { type }, path: place }) =>
          FROM_USER.has(type)
            ? problem(place, `\`${type}\` blocks are not permitted in assistant turns`)
            : undefined,
        ),
  );

/** The param `messages`. */
export const messages: Rule = both(
  list,
  notEmptyList,
  listOf(turn),
  notEmptyTurns,
  visibleText,
  noTrailingSpace,
  userBlocks,
  toolPairs,
  finalThinking,
);

const visibleSystem: Rule = (value, path) =>
  Array.isArray(value) && value.some(({ text }) => text === '')
    ? problem(path, 'text content blocks must be non-empty')
    : undefined;

/** The param `system`. */
export const systemPrompt: Rule = both(
  stringOr(listOf(tagged({ text: textBlock }))),
  visibleSystem,
);
