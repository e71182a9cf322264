import { mayPrefill } from '../../message/may-prefill.js';
import type { EmulatorParams } from '../model/request.js';
import { messages } from './messages.js';
import {
  atLeast,
  boolean,
  both,
  byType,
  first,
  integer,
  listOf,
  number,
  oneOf,
  problem,
  type Rule,
  shape,
  string,
  stringOrList,
  within,
} from './rules.js';

const TOOL_NAME = /^[a-zA-Z0-9_-]{1,128}$/;

const toolName: Rule = both(string, (value, path) =>
  TOOL_NAME.test(String(value))
    ? undefined
    : problem(path, `String should match pattern '${TOOL_NAME.source}'`),
);

const inputSchema: Rule = shape({ type: both(string, oneOf('object')) });

const customTool: Rule = shape(
  { name: toolName, input_schema: inputSchema },
  { description: string },
);

const apiTool: Rule = byType({});

/** A tool without a type is a custom one. The API's tools are an open set, each with its own fields. */
const tool: Rule = (value, path) => {
  const { type } = (value ?? {}) as { type?: unknown };
  const isCustom = type === undefined || type === null || type === 'custom';
  return isCustom ? customTool(value, `${path}.custom`) : apiTool(value, path);
};

const uniqueNames: Rule = (value, path) => {
  const names = (value as { name?: string }[]).map(({ name }) => name).filter(Boolean);
  return new Set(names).size < names.length
    ? problem(path, 'Tool names must be unique.')
    : undefined;
};

const toolChoice: Rule = both(
  shape({ type: oneOf('auto', 'any', 'tool', 'none') }),
  byType({ tool: shape({ name: string }) }),
);

const stopSequences: Rule = listOf(
  both(string, (value, path) =>
    String(value).trim() === ''
      ? `${path}: each stop sequence must contain non-whitespace`
      : undefined,
  ),
);

const enabledThinking: Rule = shape({ budget_tokens: both(integer, atLeast(1024)) });

const optional = {
  stream: boolean,
  system: stringOrList,
  stop_sequences: stopSequences,
  temperature: both(number, within(0, 1)),
  top_p: both(number, within(0, 1)),
  top_k: both(integer, atLeast(0)),
  thinking: both(
    shape({ type: oneOf('adaptive', 'enabled', 'between_tools', 'disabled') }),
    byType({ enabled: (value, path) => enabledThinking(value, `${path}.enabled`) }),
  ),
  metadata: shape({}, { user_id: string }),
  tools: both(listOf(tool), uniqueNames),
  tool_choice: toolChoice,
};

/** Checks params against each other; the rules above have checked each one. */
type Relation = (params: EmulatorParams) => string | undefined;

const prefill: Relation = ({ model, messages }) =>
  messages.at(-1)?.role === 'assistant' && !mayPrefill(model)
    ? 'This model does not support assistant message prefill. The conversation must end with a user message.'
    : undefined;

const budget: Relation = ({ thinking, max_tokens }) =>
  thinking?.type === 'enabled' && max_tokens !== undefined && max_tokens <= thinking.budget_tokens
    ? '`max_tokens` must be greater than `thinking.budget_tokens`.'
    : undefined;

const isThinking = ({ thinking }: EmulatorParams): boolean =>
  thinking?.type === 'enabled' || thinking?.type === 'adaptive';

const temperature: Relation = (params) =>
  params.thinking?.type === 'enabled' && (params.temperature ?? 1) !== 1
    ? '`temperature` may only be set to 1 when thinking is enabled.'
    : undefined;

const forcedTool: Relation = (params) =>
  isThinking(params) && ['any', 'tool'].includes(params.tool_choice?.type ?? '')
    ? 'Thinking may not be enabled when tool_choice forces tool use.'
    : undefined;

const thinkingPrefill: Relation = (params) =>
  isThinking(params) && params.messages.at(-1)?.role === 'assistant'
    ? 'messages: Prefilling assistant responses is not supported when thinking is enabled.'
    : undefined;

const choiceWithTools: Relation = ({ tools, tool_choice }) =>
  tool_choice != null && tool_choice.type !== 'none' && (tools ?? []).length === 0
    ? 'tool_choice: `tool_choice` may only be specified while providing `tools`.'
    : undefined;

const knownChoice: Relation = ({ tools, tool_choice }) =>
  tool_choice?.type === 'tool' && !tools?.some(({ name }) => name === tool_choice.name)
    ? `tool_choice: Tool '${tool_choice.name}' not found in provided tools`
    : undefined;

const RELATIONS: readonly Relation[] = [
  prefill,
  budget,
  temperature,
  forcedTool,
  thinkingPrefill,
  choiceWithTools,
  knownChoice,
];

const relations: Rule = (value) =>
  first(RELATIONS, (relation) => relation(value as EmulatorParams));

/** The params of `POST /v1/messages`. */
export const createParams: Rule = both(
  shape({ model: string, max_tokens: both(integer, atLeast(0)), messages }, optional),
  relations,
);

/** The params of `POST /v1/messages/count_tokens`. */
export const countTokensParams: Rule = both(
  shape({ model: string, messages }, optional),
  relations,
);
