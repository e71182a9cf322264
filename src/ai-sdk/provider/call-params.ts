import type { LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider';
import type { JsonSchema } from '../../schema/json-schema.js';
import { toStrictSchema } from '../../schema/to-strict-schema.js';
import { betasOf } from './betas.js';
import { anthropicOf, toSnake } from './names.js';
import { promptParams } from './prompt.js';
import { ToolNames } from './server-tools.js';
import { toolParams } from './tool-params.js';

/** A call of the AI SDK as a request. */
export interface CallParams {
  params: { model: string; max_tokens: number; messages: object[]; [param: string]: unknown };
  betas: string[];
  /** What the request leaves out, or changes. */
  warnings: SharedV4Warning[];
  names: ToolNames;
}

/** Options that are no params of the API, or stand elsewhere in it. */
const OWN: ReadonlySet<string> = new Set([
  'anthropicBeta',
  'container',
  'disableParallelToolUse',
  'effort',
  'sendReasoning',
  'structuredOutputMode',
  'taskBudget',
  'toolStreaming',
]);

/**
 * What `providerOptions.anthropic` says goes to the API under its names, also what this version doesn't know.
 * @throws AnthropicError for a file that the API doesn't take.
 */
export function callParams(model: string, options: LanguageModelV4CallOptions): CallParams {
  const own = anthropicOf(options.providerOptions);
  const warnings = unsupported(options);
  const names = new ToolNames(options.tools);
  const sendReasoning = own.sendReasoning !== false;
  const passedOn = Object.entries(own).filter(([name]) => !OWN.has(name));
  const { tools, tool_choice } = toolParams(options, own, warnings);
  const params = defined({
    model,
    max_tokens: options.maxOutputTokens ?? mostTokens(model),
    temperature: temperatureOf(options.temperature, warnings),
    top_p: options.topP,
    top_k: options.topK,
    stop_sequences: options.stopSequences,
    ...reasoningParams(options, own),
    ...(toSnake(Object.fromEntries(passedOn)) as object),
    container: containerOf(own.container),
    ...promptParams(options.prompt, { names, warnings, sendReasoning }),
    tools,
    tool_choice,
  });
  return { params: params as CallParams['params'], betas: betasOf(own, options), warnings, names };
}

/** The API wants a limit, and refuses one over what a model can write (the models overview of its documentation). */
function mostTokens(model: string): number {
  if (/claude-(3|2|instant)/.test(model)) return 4096;
  return 32_000;
}

function temperatureOf(
  temperature: number | undefined,
  warnings: SharedV4Warning[],
): number | undefined {
  if (temperature === undefined) return undefined;
  const clamped = Math.min(1, Math.max(0, temperature));
  if (clamped !== temperature) {
    const details = `${temperature} is outside of 0 to 1: ${clamped} is sent`;
    warnings.push({ type: 'unsupported', feature: 'temperature', details });
  }
  return clamped;
}

const UNSUPPORTED = ['frequencyPenalty', 'presencePenalty', 'seed'] as const;

function unsupported(options: LanguageModelV4CallOptions): SharedV4Warning[] {
  const warnings: SharedV4Warning[] = UNSUPPORTED.filter(
    (feature) => options[feature] !== undefined,
  ).map((feature) => ({ type: 'unsupported', feature }));
  const { responseFormat } = options;
  if (responseFormat?.type === 'json' && responseFormat.schema === undefined) {
    const details = 'the API wants a schema: the format is left out';
    warnings.push({ type: 'unsupported', feature: 'responseFormat', details });
  }
  return warnings;
}

/** `output_config` and `thinking`, where the call asks for them. */
function reasoningParams(
  { reasoning, responseFormat }: LanguageModelV4CallOptions,
  own: Record<string, unknown>,
): object {
  const isCustom = reasoning !== undefined && reasoning !== 'provider-default';
  const isOff = reasoning === 'none';
  const level = reasoning === 'minimal' ? 'low' : reasoning;
  const effort = own.effort ?? (isCustom && !isOff ? level : undefined);
  const schema = responseFormat?.type === 'json' ? responseFormat.schema : undefined;
  const output_config = defined({
    effort,
    task_budget: toSnake(own.taskBudget),
    format: schema && { type: 'json_schema', schema: toStrictSchema(schema as JsonSchema) },
  });
  return {
    ...(Object.keys(output_config).length > 0 && { output_config }),
    // Before the options of the provider, which say more.
    ...(isCustom && { thinking: { type: isOff ? 'disabled' : 'adaptive' } }),
  };
}

interface Container {
  id?: string;
  skills?: {
    type: string;
    skillId?: string;
    providerReference?: { anthropic?: string };
    version?: string;
  }[];
}

/** A container with skills is an object, one without its id. */
function containerOf(container: unknown): unknown {
  const { id, skills = [] } = (container ?? {}) as Container;
  if (skills.length === 0) return id;
  return defined({
    id,
    skills: skills.map(({ type, version, skillId, providerReference }) =>
      defined({ type, skill_id: skillId ?? providerReference?.anthropic, version }),
    ),
  });
}

function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
