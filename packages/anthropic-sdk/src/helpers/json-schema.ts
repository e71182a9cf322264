import type { AutoParseableOutputFormat } from '../lib/parser.js';
import { transformJSONSchema } from '../lib/transform-json-schema.js';
import { parseOutput } from './parse.js';
import type { OutputOf } from './standard.js';

/**
 * A format for `output_config`, whose type is inferred from the schema.
 * @param options.transform false sends the schema as it is. Default: it is reduced to what the API supports.
 */
export function jsonSchemaOutputFormat<
  const S extends { readonly type: 'object'; readonly [keyword: string]: unknown },
>(jsonSchema: S, options: { transform?: boolean } = {}): AutoParseableOutputFormat<OutputOf<S>> {
  if (jsonSchema.type !== 'object') {
    throw new Error(`JSON schema must be an object, but got ${jsonSchema.type}`);
  }
  const isSent = options.transform === false;
  return {
    type: 'json_schema',
    schema: isSent ? (jsonSchema as Record<string, unknown>) : transformJSONSchema(jsonSchema),
    parse: (content) => parseOutput(content, (value) => value as OutputOf<S>),
  };
}
