/**
 * A schema of any library that follows Standard Schema (https://standardschema.dev), with the JSON
 * Schema that newer versions of them give. By structure: no library is imported.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    /** The library. */
    readonly vendor: string;
    /** Tells whether a value fits, and makes of it what the schema says. */
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    /** Standard JSON Schema (https://standardschema.dev/json-schema). May throw. */
    readonly jsonSchema?: {
      /** The JSON Schema of what is validated. */
      readonly input: (options: { readonly target: string }) => Record<string, unknown>;
    };
  };
}

/** What `validate` gives: the value, or what is wrong with it. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** What is wrong with a value, and where in it. */
export interface SchemaIssue {
  readonly message: string;
  /** Keys and indices from the root down. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

export function isStandardSchema(schema: unknown): schema is StandardSchema {
  // Those of arktype are functions.
  const mayHave = typeof schema === 'object' || typeof schema === 'function';
  return mayHave && schema !== null && '~standard' in schema;
}
