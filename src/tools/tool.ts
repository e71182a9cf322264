import { AnthropicError } from '../errors.js';
import type { JsonSchema } from '../schema/json-schema.js';
import { jsonSchemaOf, type OutputOf, type Schema, validate } from '../schema/schema.js';
import {
  isStandardSchema,
  type StandardResult,
  type StandardSchema,
} from '../schema/standard-schema.js';
import { toStrictSchema } from '../schema/to-strict-schema.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import type { ToolResultContent } from '../wire/content-params.js';
import type { InputSchema, ServerTool, Tool } from '../wire/tools.js';

/** What describes the input of a tool: an object. */
// biome-ignore lint/suspicious/noExplicitAny: the types of a schema are inferred from it.
export type ToolInputSchema = StandardSchema<any, any> | (JsonSchema & { readonly type: 'object' });

/** What `tool()` takes: the fields of the API's custom tool, with `input` for its `input_schema`. */
export interface ToolDefinition<S extends ToolInputSchema>
  extends Omit<Tool, 'type' | 'input_schema'> {
  /** A Standard Schema that gives JSON Schema, or JSON Schema written in place. */
  input: S;
  /** Answers a call. Called with input that fits the schema, and only with that. */
  run(input: OutputOf<S>, context: ToolContext): ToolReturn | Promise<ToolReturn>;
}

/** What `tool()` takes for a tool whose input the API defines, such as `bash_20250124`. */
export interface ServerToolDefinition extends ServerTool {
  name: string;
  /** Answers a call. Nothing has validated the input. */
  run(input: unknown, context: ToolContext): ToolReturn | Promise<ToolReturn>;
}

/** What a tool gets besides its input. */
export interface ToolContext {
  /** Fires when the run is aborted, closed or fails: nobody wants the answer any more. */
  readonly signal: AbortSignal;
  /** The call. */
  readonly toolUse: ToolUseBlock;
  /** Tells readers of `runner.events` how the call goes on. The model does not see it. */
  readonly emit: (update: unknown) => void;
}

/** The result of a call: text, blocks, or nothing to say. */
// biome-ignore lint/suspicious/noConfusingVoidType: a tool that returns nothing is one.
export type ToolReturn = string | readonly ToolResultContent[] | undefined | void;

/** A tool that can be run. To the API it is a tool like any other: functions are not part of JSON. */
export interface RunnableTool<Input = unknown> extends Tool {
  /** Answers a call. What it throws the model is told. */
  run(input: Input, context: ToolContext): ToolReturn | Promise<ToolReturn>;
  /** What the schema makes of an input, or why it does not fit. */
  validate(input: unknown): Promise<StandardResult<Input>>;
}

/** A tool of the API that is run here. */
export interface RunnableServerTool extends ServerToolDefinition {}

/**
 * A tool for `messages.toolRunner`, which runs it, or for the `tools` of `messages.stream`.
 *
 * @throws AnthropicError where the input is no object, or its schema gives no JSON Schema.
 */
export function tool<const S extends ToolInputSchema>(
  definition: ToolDefinition<S>,
): RunnableTool<OutputOf<S>>;
/** A tool whose input the API defines, such as `bash_20250124`, with a `run`. */
export function tool(definition: ServerToolDefinition): RunnableServerTool;
export function tool(
  definition: ToolDefinition<ToolInputSchema> | ServerToolDefinition,
): RunnableTool | RunnableServerTool {
  if (isServerTool(definition)) return definition;
  const { input, run, ...fields } = definition;
  return {
    ...fields,
    input_schema: inputSchema(definition),
    run,
    validate: (value) => validate(input, value),
  };
}

function isServerTool(
  definition: ToolDefinition<ToolInputSchema> | ServerToolDefinition,
): definition is ServerToolDefinition {
  return 'type' in definition && definition.type !== 'custom' && !('input' in definition);
}

function inputSchema({ name, input, strict }: ToolDefinition<ToolInputSchema>): InputSchema {
  const schema = jsonSchemaOf(input as Schema, `the tool ${name}`);
  if (schema.type !== 'object') {
    throw new AnthropicError(
      `the input of the tool ${name} is not an object: give an object schema with the value as a property`,
    );
  }
  const isFitted = strict === true && isStandardSchema(input);
  return (isFitted ? toStrictSchema(schema) : schema) as InputSchema;
}
