import { type InputOf, jsonSchemaOf, type OutputOf, type Schema } from '../schema/schema.js';
import { isStandardSchema } from '../schema/standard-schema.js';
import { toStrictSchema } from '../schema/to-strict-schema.js';
import type { EventSource, SourceOwner } from '../stream/source.js';
import type { AnyMessage } from '../wire/beta.js';
import type { JSONOutputFormat } from '../wire/params.js';
import { OutputMessageStream } from './output-message-stream.js';
import { parseOutput } from './parse-output.js';

declare const INPUT: unique symbol;

/**
 * An `output_config.format` that knows its schema. To the API it is `{ type, schema }`.
 * `Input` is what the model writes, `Output` what the schema parses it to.
 */
export interface OutputFormat<Output = unknown, Input = Output> extends JSONOutputFormat {
  /**
   * The output in a finished message, such as one of `messages.create`.
   * @throws OutputError (rejects) where the message isn't the output, or not all of it.
   */
  parse(message: AnyMessage, requestId?: string): Promise<Output>;
  /** @internal A stream with this output. Code that uses no format doesn't load the class. */
  open<M extends AnyMessage>(
    open: (owner: SourceOwner) => EventSource,
    signal: AbortSignal | undefined,
  ): OutputMessageStream<Output, Input, M>;
  /** For types only: only `outputFormat` makes formats. */
  readonly [INPUT]: Input;
}

/**
 * Structured output: `output_config: { format: outputFormat(schema) }`. A stream with it has
 * `outputStream` and `getFinalOutput()`.
 *
 * @param schema a Standard Schema that converts to JSON Schema (zod, valibot, arktype), or an inline JSON
 *   Schema, whose type is inferred. JSON Schema is sent as it is; that of a library is first reduced to
 *   what the API supports, see `toStrictSchema`.
 * @throws AnthropicError where the schema doesn't convert to JSON Schema.
 */
export function outputFormat<const S extends Schema>(
  schema: S,
): OutputFormat<OutputOf<S>, InputOf<S>> {
  const json = jsonSchemaOf(schema, 'outputFormat(schema)');
  const format = {
    type: 'json_schema',
    schema: isStandardSchema(schema) ? toStrictSchema(json) : json,
    parse: (message, requestId) => parseOutput(message, schema, requestId) as Promise<OutputOf<S>>,
    open: (open, signal) => new OutputMessageStream(open, signal, format),
  } as OutputFormat<OutputOf<S>, InputOf<S>>;
  return format;
}

/** The format in params, where `outputFormat` made it. */
export function outputFormatIn(params: object): OutputFormat | undefined {
  const { output_config } = params as { output_config?: { format?: Partial<OutputFormat> | null } };
  const format = output_config?.format;
  return typeof format?.open === 'function' ? (format as OutputFormat) : undefined;
}
