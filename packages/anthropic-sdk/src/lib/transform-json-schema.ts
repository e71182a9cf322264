import { outputFormat } from 'millrace';

// biome-ignore lint/suspicious/noExplicitAny: JSON Schema of any library.
export type JSONSchema = Record<string, any>;

/** A JSON Schema as the API takes it for structured output; the original is not changed. */
export function transformJSONSchema(jsonSchema: JSONSchema): JSONSchema {
  // A schema of a library is reduced to what the API supports; this is one.
  const library = {
    '~standard': {
      version: 1 as const,
      vendor: 'json-schema',
      validate: (value: unknown) => ({ value }),
      jsonSchema: { input: () => jsonSchema },
    },
  };
  return outputFormat(library).schema as JSONSchema;
}
