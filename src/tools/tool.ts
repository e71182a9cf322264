import { AnthropicError } from '../errors.js';
import type { JsonSchema } from '../schema/json-schema.js';
import { jsonSchemaOf, type OutputOf, type Schema, validate } from '../schema/schema.js';
import type { StandardResult, StandardSchema } from '../schema/standard-schema.js';
import { toStrictSchema } from '../schema/to-strict-schema.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import type { ToolResultContent } from '../wire/content-params.js';
import type { InputSchema, ServerTool, Tool } from '../wire/tools.js';

/** Describes the input of a tool, an object. */
// biome-ignore lint/suspicious/noExplicitAny: the types of a schema are inferred from it.
export type ToolInputSchema = StandardSchema<any, any> | (JsonSchema & { readonly type: 'object' });

/** The argument of `tool()`: the fields of the API's custom tool, with `input` for its `input_schema`. */
export interface ToolDefinition<S extends ToolInputSchema>
  extends Omit<Tool, 'type' | 'input_schema'> {
  /** A Standard Schema that converts to JSON Schema, or an inline JSON Schema. */
  input: S;
  /** Runs a call. Its input is complete and fits the schema. */
  run(input: OutputOf<S>, context: ToolContext): ToolReturn | Promise<ToolReturn>;
}

/** The argument of `tool()` for a tool whose input the API defines, such as `bash_20250124`. */
export interface ServerToolDefinition extends ServerTool {
  name: string;
  /** Runs a call. Its input is not validated. */
  run(input: unknown, context: ToolContext): ToolReturn | Promise<ToolReturn>;
}

/** The second argument of a tool's `run`. */
export interface ToolContext {
  /** Fires when the run is aborted, closed or fails: the result isn't needed any more. */
  readonly signal: AbortSignal;
  /** The call. */
  readonly toolUse: ToolUseBlock;
  /** Reports progress to readers of `runner.events`. The model doesn't see it. */
  readonly emit: (update: unknown) => void;
  /**
   * For a result that comes later, from a person or another process: `return defer()`. The run ends when the
   * other calls of the turn have their results; `runner.deferredToolCalls` lists what is missing.
   */
  readonly defer: () => Deferred;
}

/** What `defer()` of a tool's context returns. */
export interface Deferred {
  readonly isDeferred: true;
}

/**
 * The result of a call: text, content blocks, nothing, or any other value that JSON has, which the model gets
 * as JSON; or `defer()`.
 */
export type ToolReturn =
  | string
  | readonly ToolResultContent[]
  | number
  | boolean
  | object
  | Deferred
  | null
  | undefined
  // biome-ignore lint/suspicious/noConfusingVoidType: a tool that returns nothing is one.
  | void;

/** A tool that can be run. To the API it is an ordinary tool: functions are not part of JSON. */
export interface RunnableTool<Input = unknown> extends Tool {
  /** Runs a call. What it throws becomes an error result for the model. */
  run(input: Input, context: ToolContext): ToolReturn | Promise<ToolReturn>;
  /** The input as parsed by the schema, or the reasons why it doesn't fit. */
  validate(input: unknown): StandardResult<Input> | Promise<StandardResult<Input>>;
}

/** A tool of the API that is run here. */
export interface RunnableServerTool extends ServerToolDefinition {}

/**
 * A tool for `messages.toolRunner`, which runs it, or for the `tools` of `messages.stream`.
 *
 * @throws AnthropicError where the input isn't an object, or its schema doesn't convert to JSON Schema.
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
  return (strict === true ? toStrictSchema(schema) : schema) as InputSchema;
}
