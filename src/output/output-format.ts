import { type InputOf, jsonSchemaOf, type OutputOf, type Schema } from '../schema/schema.js';
import { toStrictSchema } from '../schema/to-strict-schema.js';
import type { OutputFormat } from './format.js';
import { OutputMessageStream } from './output-message-stream.js';
import { parseOutput, parseOutputSync } from './parse-output.js';

/**
 * Structured output: `output_config: { format: outputFormat(schema) }`. A stream with it has
 * `outputStream` and `getFinalOutput()`.
 *
 * @param schema a Standard Schema that converts to JSON Schema (zod, valibot, arktype), or an inline JSON
 *   Schema, whose type is inferred. It is reduced to what the API supports, see `toStrictSchema`; to send one
 *   as it is, write `{ type: 'json_schema', schema }` yourself.
 * @throws AnthropicError where the schema doesn't convert to JSON Schema.
 */
export function outputFormat<const S extends Schema>(
  schema: S,
): OutputFormat<OutputOf<S>, InputOf<S>> {
  const json = jsonSchemaOf(schema, 'outputFormat(schema)');
  const format = {
    type: 'json_schema',
    schema: toStrictSchema(json),
    parse: (message, requestId) => parseOutput(message, schema, requestId) as Promise<OutputOf<S>>,
    parseSync: (message, requestId) => parseOutputSync(message, schema, requestId),
    open: (open, signals) => new OutputMessageStream(open, signals, format),
  } as OutputFormat<OutputOf<S>, InputOf<S>>;
  return format;
}
