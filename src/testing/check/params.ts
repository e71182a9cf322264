import { EFFORTS } from '../model/model-facts.js';
import { cacheControl } from './cache-control.js';
import { messages, systemPrompt } from './messages.js';
import {
  anything,
  atLeast,
  boolean,
  both,
  dictionary,
  fields,
  first,
  integer,
  list,
  listOf,
  matching,
  number,
  oneOf,
  problem,
  type Rule,
  type Rules,
  shape,
  string,
  tagged,
  text,
  within,
} from './rules.js';
import { checkSchema } from './strict-schema.js';
import { toolChoice, tools } from './tools.js';

const stopSequences: Rule = (value, path) =>
  listOf(string)(value, path) ??
  ((value as string[]).some((sequence) => sequence.trim() === '')
    ? problem(path, 'each stop sequence must contain non-whitespace')
    : undefined);

const thinkingMore: Rules = {
  block_binding: shape({}, { prefix_mismatch_behavior: string }),
  display: oneOf('summarized', 'omitted', 'updates'),
};

/** Which of these a model has is checked with the facts of the model. */
const thinking: Rule = tagged({
  adaptive: fields({}, thinkingMore),
  between_tools: fields({}),
  disabled: fields({}),
  enabled: fields({ budget_tokens: both(integer, atLeast(1024)) }, thinkingMore),
});

const jsonFormat: Rule = tagged({
  json_schema: (value, path) =>
    fields({ schema: dictionary })(value, path) ??
    checkSchema(
      (value as { schema: unknown }).schema,
      `${path.replace(/\.json_schema$/, '')}.schema`,
    ),
});

const outputConfig: Rule = shape(
  {},
  {
    effort: oneOf(...EFFORTS),
    format: jsonFormat,
    task_budget: tagged({
      tokens: fields({ total: both(integer, atLeast(1)) }, { remaining: integer }),
    }),
  },
);

const skill: Rule = shape(
  { type: oneOf('anthropic', 'custom'), skill_id: text },
  { version: string },
);

const container: Rule = (value, path) =>
  typeof value === 'string'
    ? undefined
    : shape({}, { id: string, skills: listOf(skill) })(value, path);

const edits: Rule = listOf(
  tagged({
    clear_thinking_20251015: fields({}, { keep: anything }),
    clear_tool_uses_20250919: fields(
      {},
      {
        clear_at_least: dictionary,
        clear_tool_inputs: anything,
        exclude_tools: listOf(string),
        keep: dictionary,
        trigger: dictionary,
      },
    ),
    compact_20260112: fields(
      {},
      { instructions: string, pause_after_compaction: boolean, trigger: dictionary },
    ),
  }),
);

const mcpServer: Rule = shape(
  { type: oneOf('url'), name: text, url: text },
  {
    authorization_token: string,
    tool_configuration: shape({}, { allowed_tools: listOf(string), enabled: boolean }),
  },
);

const fallbacks: Rule = (value, path) =>
  value === 'default'
    ? undefined
    : listOf(
        shape(
          { model: text },
          {
            max_tokens: integer,
            output_config: outputConfig,
            speed: oneOf('standard', 'fast'),
            thinking,
          },
        ),
      )(value, path);

const creditToken: Rule = (value, path) =>
  typeof value === 'string'
    ? undefined
    : shape({ token: text }, { mode: oneOf('strict', 'best_effort') })(value, path);

/** What both addresses take. */
const common: Rules = {
  billing_policy: fields({}, { bill_to: string }),
  cache_control: cacheControl,
  compaction: tagged({ summarize: fields({}, { instructions: string }) }),
  context_management: shape({}, { edits }),
  mcp_servers: listOf(mcpServer),
  output_config: outputConfig,
  output_format: jsonFormat,
  speed: oneOf('standard', 'fast'),
  system: systemPrompt,
  thinking,
  tool_choice: toolChoice,
  tools,
};

/** Of other optional params, null stands for an absent one. */
const givenSystem: Rule = (value) =>
  (value as { system?: unknown }).system === null ? list(null, 'system') : undefined;

const messageParams: Rule = shape(
  { model: text, max_tokens: both(integer, atLeast(0)), messages },
  {
    ...common,
    container,
    diagnostics: shape({}, { previous_message_id: string }),
    fallback_credit_token: creditToken,
    fallbacks,
    inference_geo: string,
    metadata: shape({}, { user_id: string }),
    service_tier: oneOf('auto', 'standard_only'),
    stop_sequences: stopSequences,
    stream: boolean,
    temperature: both(number, within(0, 1)),
    thread: tagged({ continue: fields({ previous_message_id: text }), create: fields({}) }),
    top_k: both(integer, atLeast(0)),
    top_p: both(number, within(0, 1)),
  },
);

/** The params of `POST /v1/messages`. */
export const createParams: Rule = both(messageParams, givenSystem);

/** The params of `POST /v1/messages/count_tokens`. */
export const countTokensParams: Rule = both(shape({ model: text, messages }, common), givenSystem);

const customId = matching(/^[a-zA-Z0-9_-]{1,64}$/);

/** The params of `POST /v1/messages/batches`; those of its requests are checked when they are processed. */
export const batchParams: Rule = both(
  shape({
    requests: both(listOf(shape({ custom_id: customId, params: dictionary })), (value, path) =>
      (value as unknown[]).length === 0
        ? problem(path, 'List should have at least 1 item after validation, not 0')
        : undefined,
    ),
  }),
  (value, path) => {
    const { requests } = value as { requests: { custom_id: string }[] };
    const seen = new Set<string>();
    return first(requests.entries(), ([at, { custom_id: id }]) =>
      seen.size === seen.add(id).size
        ? problem(`${path}requests.${at}.custom_id`, `"${id}" is used by another request`)
        : undefined,
    );
  },
);

/** What an answer is made of, of a request that isn't checked. */
export const leastParams: Rule = both(dictionary, (value, path) => {
  const { model, messages } = value as Record<string, unknown>;
  return shape({ model: text, messages: list })({ model, messages }, path);
});
