import { AnthropicError } from '../errors.js';
import { textOf } from '../message/text-of.js';
import type { AnyMessage } from '../wire/beta.js';
import { availableTools } from './available-tools.js';
import type { CompactOptions } from './compact-options.js';
import type { RunParams } from './next-turn-params.js';

const PROMPT = `Your context is almost full. Write a summary from which you can continue this task without the conversation so far:
- what the user wants, word for word where it matters, with all constraints and preferences;
- what has been done, and what each tool call has brought: facts, names, ids, paths, values;
- what failed, and why;
- what remains to be done, and the next step.
Write the summary only, as instructions to yourself. Leave out nothing that you would have to find out again.`;

/** Whether the conversation with this answer is to be compacted. */
export function isLong({ usage }: AnyMessage, { above }: CompactOptions): boolean {
  const {
    input_tokens = 0,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens = 0,
  } = usage ?? {};
  return input_tokens + (written ?? 0) + (read ?? 0) + output_tokens > above;
}

/** The request for a summary of the conversation. Its tools are named, as their calls in it require, and not called. */
export function summaryParams(
  params: RunParams,
  { prompt = PROMPT, model = params.model as string, max_tokens }: CompactOptions,
): RunParams {
  const { output_config, fallback_credit_token, ...kept } = params;
  const { format, ...config } = (output_config ?? {}) as Record<string, unknown>;
  return {
    ...kept,
    ...(Object.keys(config).length > 0 && { output_config: config }),
    model,
    ...(max_tokens !== undefined && { max_tokens }),
    tool_choice: { type: 'none' },
    messages: [...params.messages, { role: 'user', content: prompt }],
  };
}

/**
 * The params with the summary as the conversation, and without tools that it withdrew.
 * @throws AnthropicError where the answer has no text.
 */
export function compactedParams(params: RunParams, summary: AnyMessage): RunParams {
  const content = textOf(summary).trim();
  if (content === '') {
    const why = `the answer stopped with ${summary.stop_reason} and has no text`;
    throw new AnthropicError(`the conversation could not be compacted: ${why}`);
  }
  const tools = (params.tools ?? []) as readonly { name?: unknown }[];
  const byName = new Map(tools.map((tool) => [String(tool.name), tool]));
  const left = availableTools(byName, params.messages);
  return {
    ...params,
    tools: tools.filter(({ name }) => left.has(String(name))),
    messages: [{ role: 'user', content }],
  };
}
