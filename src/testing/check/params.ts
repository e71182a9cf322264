import { mayPrefill } from '../../message/may-prefill.js';
import type { EmulatorParams } from '../model/request.js';
import { first, type Rule } from './rules.js';

/** Says what is wrong between params; undefined where nothing is. */
type Relation = (params: EmulatorParams) => string | undefined;

const prefill: Relation = ({ model, messages }) =>
  messages.at(-1)?.role === 'assistant' && !mayPrefill(model)
    ? 'This model does not support assistant message prefill. The conversation must end with a user message.'
    : undefined;

const budget: Relation = ({ thinking, max_tokens }) =>
  thinking?.type === 'enabled' && max_tokens !== undefined && max_tokens <= thinking.budget_tokens
    ? '`max_tokens` must be greater than `thinking.budget_tokens`.'
    : undefined;

const thinks = ({ thinking }: EmulatorParams): boolean =>
  thinking?.type === 'enabled' || thinking?.type === 'adaptive';

const temperature: Relation = (params) =>
  params.thinking?.type === 'enabled' && (params.temperature ?? 1) !== 1
    ? '`temperature` may only be set to 1 when thinking is enabled.'
    : undefined;

const forcedTool: Relation = (params) =>
  thinks(params) && ['any', 'tool'].includes(params.tool_choice?.type ?? '')
    ? 'Thinking may not be enabled when tool_choice forces tool use.'
    : undefined;

const thinkingPrefill: Relation = (params) =>
  thinks(params) && params.messages.at(-1)?.role === 'assistant'
    ? 'messages: Prefilling assistant responses is not supported when thinking is enabled.'
    : undefined;

const choiceWithTools: Relation = ({ tools, tool_choice }) =>
  tool_choice != null && tool_choice.type !== 'none' && (tools ?? []).length === 0
    ? 'tool_choice: `tool_choice` may only be specified while providing `tools`.'
    : undefined;

const choiceOfTool: Relation = ({ tools, tool_choice }) =>
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
  choiceOfTool,
];

/** What holds between the params of a request. Each of them by itself has passed. */
export const modelParams: Rule = (value) =>
  first(RELATIONS, (relation) => relation(value as EmulatorParams));
