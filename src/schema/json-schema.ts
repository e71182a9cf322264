/** JSON Schema, draft 2020-12. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/**
 * The type of the values that fit a JSON Schema which is written as a literal.
 *
 * It knows `type` (also a list), `enum`, `const`, `anyOf`, `properties`, `required`, `items` and, for
 * objects without `properties`, `additionalProperties`. Whatever else there is narrows nothing.
 */
export type FromJsonSchema<Schema> = Schema extends { readonly const: infer Value }
  ? Mutable<Value>
  : Schema extends { readonly enum: readonly (infer Value)[] }
    ? Mutable<Value>
    : Schema extends { readonly anyOf: readonly (infer Choice)[] }
      ? FromJsonSchema<Choice>
      : Schema extends { readonly type: infer Type }
        ? OfType<Schema, Type>
        : unknown;

type OfType<Schema, Type> = Type extends readonly (infer One)[]
  ? OfType<Schema, One>
  : Type extends keyof Scalars
    ? Scalars[Type]
    : Type extends 'array'
      ? OfArray<Schema>
      : Type extends 'object'
        ? OfObject<Schema>
        : unknown;

interface Scalars {
  string: string;
  number: number;
  integer: number;
  boolean: boolean;
  null: null;
}

type OfArray<Schema> = Schema extends { readonly items: infer Items }
  ? FromJsonSchema<Items>[]
  : unknown[];

type OfObject<Schema> = Schema extends { readonly properties: infer Properties }
  ? Flat<
      {
        -readonly [Key in keyof Properties as Key extends Required<Schema>
          ? Key
          : never]: FromJsonSchema<Properties[Key]>;
      } & {
        -readonly [Key in keyof Properties as Key extends Required<Schema>
          ? never
          : Key]?: FromJsonSchema<Properties[Key]>;
      }
    >
  : Schema extends { readonly additionalProperties: infer Rest }
    ? { [key: string]: Rest extends false ? never : FromJsonSchema<Rest> }
    : { [key: string]: unknown };

type Required<Schema> = Schema extends { readonly required: readonly (infer Key)[] } ? Key : never;

type Mutable<T> = T extends object ? { -readonly [Key in keyof T]: Mutable<T[Key]> } : T;

type Flat<T> = { [Key in keyof T]: T[Key] };
