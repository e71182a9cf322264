import type { AutoParseableOutputFormat } from '../lib/parser.js';
import { parseOutput } from './parse.js';
import { type CheckingSchema, strictSchemaOf } from './standard.js';

/** The type of a schema of zod 4: nothing of zod is imported. */
export interface ZodType {
  readonly _zod: { readonly output: unknown; readonly def: unknown };
  parse(value: unknown): unknown;
}

/** What a schema parses to. */
export type Infer<S extends ZodType> = S['_zod']['output'];

/**
 * A format for `output_config`: with it `parse()` and `stream()` have `parsed_output`.
 * @param zodObject a schema of zod 4.2 or newer.
 */
export function zodOutputFormat<S extends ZodType>(
  zodObject: S,
): AutoParseableOutputFormat<Infer<S>> {
  return {
    type: 'json_schema',
    schema: strictSchemaOf(zodObject),
    parse: (content) => parseOutput(content, (value) => (zodObject as CheckingSchema).parse(value)),
  };
}
