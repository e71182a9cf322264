import type { ToolResultContent } from 'millrace';
import { AnthropicError } from '../../core/error.js';
import type { AutoParseableOutputFormat } from '../../lib/parser.js';
import type {
  BetaRunnableTool,
  BetaToolRunContext,
  Promisable,
} from '../../lib/tools/BetaRunnableTool.js';
import { transformJSONSchema } from '../../lib/transform-json-schema.js';
import { parseOutput } from '../parse.js';
import { runnableTool, strictSchemaOf, type ToolFields } from '../standard.js';

/** A schema of zod, Valibot, ArkType or another library of Standard Schema. */
export interface StandardSchemaV1<Output = unknown> {
  readonly '~standard': {
    readonly vendor: string;
    readonly validate: (value: unknown) => Validated<Output> | Promise<Validated<Output>>;
    readonly types?: { readonly output: Output } | undefined;
  };
}

type Validated<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

type JSONSchema = Record<string, unknown>;

/**
 * A format for `output_config`: with it `parse()` and `stream()` have `parsed_output`.
 * @param options.jsonSchema for a library whose schemas have no JSON Schema of their own.
 */
export function betaStandardSchemaOutputFormat<Output>(
  schema: StandardSchemaV1<Output>,
  options: { jsonSchema?: JSONSchema | undefined } = {},
): AutoParseableOutputFormat<Output> {
  const { jsonSchema } = options;
  return {
    type: 'json_schema',
    schema: jsonSchema ? transformJSONSchema(jsonSchema) : strictSchemaOf(schema),
    parse: (content) => parseOutput(content, (value) => validate(schema, value)),
  };
}

/** A tool for `toolRunner()`; its input is checked by the schema. */
export function betaStandardSchemaTool<Output>({
  jsonSchema,
  inputSchema,
  ...options
}: ToolFields & {
  inputSchema: StandardSchemaV1<Output>;
  jsonSchema?: JSONSchema | undefined;
  run: (
    args: Output,
    context?: BetaToolRunContext,
  ) => Promisable<string | Array<ToolResultContent>>;
}): BetaRunnableTool<Output> {
  const fields = { ...options, inputSchema: jsonSchema ?? inputSchema };
  return runnableTool(fields as never, (value) =>
    validate(inputSchema, value),
  ) as BetaRunnableTool<Output>;
}

/** @throws AnthropicError for a value that does not fit, or a check that is asynchronous. */
function validate<Output>(schema: StandardSchemaV1<Output>, value: unknown): Output {
  const { vendor, validate } = schema['~standard'];
  const result = validate(value);
  if (result instanceof Promise) {
    result.catch(() => undefined);
    throw new AnthropicError(`the ${vendor} schema checks asynchronously, which is not supported`);
  }
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map(
    ({ message, path = [] }) =>
      `${path.map((key) => String(typeof key === 'object' ? key.key : key)).join('.')}: ${message}`,
  );
  throw new AnthropicError(`the value doesn't fit the schema: ${issues.join('; ')}`);
}
