import { type OutputFormat, outputFormat, type Schema, type ToolInputSchema, tool } from 'millrace';
import { AnthropicError } from '../core/error.js';

/** The type of the values of a schema. */
export type OutputOf<S extends Schema> =
  ReturnType<typeof outputFormat<S>> extends OutputFormat<infer Output, infer _> ? Output : never;

/** A schema of a library with a check that throws: that of zod. */
export interface CheckingSchema {
  parse(value: unknown): unknown;
}

/** Fields of a tool besides those of the helpers, such as `strict`. */
export interface ToolFields {
  name: string;
  description?: string | undefined;
  close?: (() => void | Promise<void>) | undefined;
  [field: string]: unknown;
}

/** A tool that `toolRunner()` runs, with a schema of a library or JSON Schema. */
export function runnableTool(
  { inputSchema, run, ...fields }: ToolFields & { inputSchema: unknown; run: unknown },
  parse: (value: unknown) => unknown,
): unknown {
  const { input_schema } = toolOf(fields, inputSchema);
  return { type: 'custom', ...fields, input_schema, run, parse };
}

/** Of a `strict` tool the API wants a schema that is closed: a library's is made so, JSON Schema is sent as it is. */
function toolOf(
  { name, strict }: { name: string; strict?: unknown },
  input: unknown,
): { input_schema: unknown } {
  const isStrict = strict === true && '~standard' in (input as object);
  try {
    return tool({
      name,
      ...(isStrict ? { strict } : {}),
      input: input as ToolInputSchema & { type: 'object' },
      run: () => '',
    });
  } catch (cause) {
    const { message } = cause as Error;
    throw Object.assign(new AnthropicError(message), { cause });
  }
}

/** The JSON Schema that the API gets for a schema of a library. @throws AnthropicError */
export function strictSchemaOf(schema: unknown): Record<string, unknown> {
  try {
    return outputFormat(schema as Schema).schema as Record<string, unknown>;
  } catch (cause) {
    throw Object.assign(new AnthropicError((cause as Error).message), { cause });
  }
}
