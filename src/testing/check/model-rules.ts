import type { ModelFacts } from '../model/model-facts.js';
import type { EmulatorParams } from '../model/request.js';
import { countInputTokens } from '../model/tokens.js';
import { checkBreakpoints } from './cache-control.js';
import { first } from './rules.js';
import { checkThinkingStart } from './thinking-order.js';

/** What a request is checked against after each of its params was checked alone. */
export interface ModelContext {
  readonly params: EmulatorParams;
  readonly model: ModelFacts;
  /** The names in the header `anthropic-beta`. */
  readonly betas: readonly string[];
}

type Relation = (context: ModelContext) => string | undefined;

/** The first rule of a model, or between params, that a request breaks. */
export function checkRelations(context: ModelContext): string | undefined {
  return first(RELATIONS, (relation) => relation(context));
}

const THINKING_DOCS =
  'Please consult our documentation at https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking';
const CONSIDERATIONS = `${THINKING_DOCS}#important-considerations-when-using-extended-thinking`;

const systemTurns: Relation = ({ params: { messages }, model }) =>
  !model.systemTurns && messages.some(({ role }) => role === 'system')
    ? 'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.'
    : undefined;

const maxTokens: Relation = ({ params: { max_tokens: asked }, model, betas }) => {
  const most = betas.some((name) => name.startsWith('output-'))
    ? Math.max(300_000, model.maxTokens)
    : model.maxTokens;
  return asked > most
    ? `max_tokens: ${asked} > ${most}, which is the maximum allowed number of output tokens for ${model.id}`
    : undefined;
};

/** What the newest models take of the sampling params: only what changes nothing. */
const DEFAULTS: Readonly<Record<string, (value: number) => boolean>> = {
  temperature: (value) => value === 1,
  top_p: (value) => value >= 0.99,
  top_k: () => false,
};

const sampling: Relation = ({ params, model }) => {
  if (model.sampling === 'none') {
    return first(Object.entries(DEFAULTS), ([name, isDefault]) =>
      params[name] == null || isDefault(params[name] as number)
        ? undefined
        : `\`${name}\` is deprecated for this model.`,
    );
  }
  return model.sampling === 'one' && params.temperature != null && params.top_p != null
    ? '`temperature` and `top_p` cannot both be specified for this model. Please use only one.'
    : undefined;
};

const thinkingType: Relation = ({ params: { thinking }, model }) => {
  const type = thinking?.type;
  if (type === undefined || (model.thinking as readonly string[]).includes(type)) return undefined;
  if (type === 'disabled' && model.thinking.length === 0) return undefined;
  if (type === 'adaptive') return 'adaptive thinking is not supported on this model';
  return model.thinking.includes('adaptive')
    ? `"thinking.type.${type}" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.`
    : `"thinking.type.${type}" is not supported for this model.`;
};

const budget: Relation = ({ params: { thinking, max_tokens }, betas }) =>
  thinking?.type === 'enabled' &&
  max_tokens !== undefined &&
  max_tokens <= thinking.budget_tokens &&
  !betas.some((name) => name.startsWith('interleaved-thinking-'))
    ? `\`max_tokens\` must be greater than \`thinking.budget_tokens\`. ${THINKING_DOCS}#max-tokens-and-context-window-size`
    : undefined;

const samplingWhileThinking: Relation = ({ params: { thinking, temperature, top_p, top_k } }) => {
  if (thinking?.type !== 'enabled') return undefined;
  if ((temperature ?? 1) !== 1) {
    return `\`temperature\` may only be set to 1 when thinking is enabled. ${CONSIDERATIONS}`;
  }
  if (top_p != null && top_p < 0.95) {
    return `\`top_p\` must be greater than or equal to 0.95 or unset when thinking is enabled. ${CONSIDERATIONS}`;
  }
  return top_k == null
    ? undefined
    : `\`top_k\` must be unset when thinking is enabled. ${CONSIDERATIONS}`;
};

const forcedTool: Relation = ({ params: { thinking, tool_choice } }) =>
  thinking?.type === 'enabled' && ['any', 'tool'].includes(tool_choice?.type ?? '')
    ? 'Thinking may not be enabled when tool_choice forces tool use.'
    : undefined;

/** What a turn of the assistant ends in that the API itself goes on from: a tool that it runs. */
const SERVER_TOOL = /^(server_tool_use|mcp_tool_use|compaction|.+_tool_result)$/;

/** A turn that was paused is sent back as it is; that is no prefill. */
function hasPrefill({ messages }: EmulatorParams): boolean {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return false;
  const end = typeof last.content === 'string' ? undefined : last.content.at(-1);
  return end === undefined || !SERVER_TOOL.test(end.type);
}

const prefill: Relation = ({ params, model }) =>
  !model.prefill && params.fallback_credit_token == null && hasPrefill(params)
    ? 'This model does not support assistant message prefill. The conversation must end with a user message.'
    : undefined;

const thinkingPrefill: Relation = ({ params }) =>
  params.thinking?.type === 'enabled' && hasPrefill(params)
    ? 'messages: Prefilling assistant responses is not supported when thinking is enabled.'
    : undefined;

const effort: Relation = ({ params, model }) => {
  const asked = (params.output_config as { effort?: string } | null | undefined)?.effort;
  if (asked == null || (model.effort as readonly string[]).includes(asked)) return undefined;
  return model.effort.length === 0
    ? 'This model does not support the effort parameter.'
    : `This model does not support effort level '${asked}'. Supported levels: ${[...model.effort].sort().join(', ')}.`;
};

const choiceWithTools: Relation = ({ params: { tools, tool_choice, mcp_servers } }) =>
  tool_choice != null &&
  tool_choice.type !== 'none' &&
  (tools ?? []).length === 0 &&
  mcp_servers == null
    ? 'tool_choice: `tool_choice` may only be specified while providing `tools`.'
    : undefined;

const knownChoice: Relation = ({ params: { tools, tool_choice } }) =>
  tool_choice?.type === 'tool' && !tools?.some(({ name }) => name === tool_choice.name)
    ? `tool_choice: Tool '${tool_choice.name}' not found in provided tools`
    : undefined;

const LONG_CONTEXT = 1_000_000;

const context: Relation = ({ params, model, betas }) => {
  const isLong = betas.some((name) => name.startsWith('context-1m-'));
  const most = isLong ? Math.max(LONG_CONTEXT, model.maxInputTokens) : model.maxInputTokens;
  const tokens = countAtLeast(params, most);
  return tokens > most ? `prompt is too long: ${tokens} tokens > ${most} maximum` : undefined;
};

/** The estimate; of a long prompt at least its words, for a word is a token or more. */
function countAtLeast(params: EmulatorParams, most: number): number {
  const tokens = countInputTokens(params);
  if (tokens > most || tokens * 2 < most) return tokens;
  const words = JSON.stringify([params.system, params.messages]).match(/[^\s]+/g) ?? [];
  return Math.max(tokens, words.length);
}

const RELATIONS: readonly Relation[] = [
  systemTurns,
  maxTokens,
  sampling,
  thinkingType,
  budget,
  samplingWhileThinking,
  forcedTool,
  prefill,
  thinkingPrefill,
  effort,
  choiceWithTools,
  knownChoice,
  ({ params }) => checkBreakpoints(params),
  ({ params }) => checkThinkingStart(params),
  context,
];
