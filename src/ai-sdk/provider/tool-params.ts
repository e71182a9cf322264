import type { LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider';
import { anthropicOf, cacheControl, toSnake } from './names.js';
import { serverTool } from './server-tools.js';

/** The tools of a call, and which of them the model may use. */
export function toolParams(
  { tools = [], toolChoice }: LanguageModelV4CallOptions,
  own: Record<string, unknown>,
  warnings: SharedV4Warning[],
): { tools?: object[]; tool_choice?: object } {
  const params = tools.flatMap((tool): object[] => {
    if (tool.type === 'function') return [functionTool(tool, own.toolStreaming !== false)];
    const param = serverTool(tool);
    if (param === undefined) warnings.push({ type: 'unsupported', feature: `the tool ${tool.id}` });
    return param === undefined ? [] : [param];
  });
  if (params.length === 0) return {};
  const isSerial = own.disableParallelToolUse;
  const choice = toolChoice ?? (isSerial === true ? ({ type: 'auto' } as const) : undefined);
  return { tools: params, ...(choice && { tool_choice: choiceParam(choice, isSerial) }) };
}

type FunctionTool = Extract<
  NonNullable<LanguageModelV4CallOptions['tools']>[number],
  { type: 'function' }
>;

/** @param isEager the API sends inputs as they are written. */
function functionTool(
  { name, description, inputSchema, inputExamples, strict, providerOptions }: FunctionTool,
  isEager: boolean,
): object {
  const {
    eagerInputStreaming = isEager,
    deferLoading,
    allowedCallers,
  } = anthropicOf(providerOptions);
  return {
    name,
    ...(description === undefined ? {} : { description }),
    input_schema: inputSchema,
    ...(eagerInputStreaming === true && { eager_input_streaming: true }),
    ...(strict === undefined ? {} : { strict }),
    ...(inputExamples && { input_examples: inputExamples.map(({ input }) => input) }),
    ...(toSnake({ deferLoading, allowedCallers }) as object),
    ...cacheControl(providerOptions),
  };
}

/** What the AI SDK calls the choices of the API. */
const CHOICES = { auto: 'auto', none: 'none', required: 'any', tool: 'tool' } as const;

function choiceParam(
  choice: NonNullable<LanguageModelV4CallOptions['toolChoice']>,
  isSerial: unknown,
): object {
  return {
    type: CHOICES[choice.type],
    ...(choice.type === 'tool' && { name: choice.toolName }),
    ...(typeof isSerial === 'boolean' &&
      choice.type !== 'none' && { disable_parallel_tool_use: isSerial }),
  };
}
