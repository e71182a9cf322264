import type { ValueType, ValueTypes } from './value-types.js';

/** One option of the command line, as the parser, `--help` and the completion scripts use it. */
export interface Option {
  /** A `flag` takes no value. */
  readonly type: 'flag' | ValueType;
  readonly short?: string;
  /** The name of the value in the help. */
  readonly value?: string;
  /** As the user would write it. */
  readonly default?: string;
  /** The option can be repeated. */
  readonly multiple?: true;
  readonly help: string;
}

/** Options by their long names. */
export type OptionTable = Readonly<Record<string, Option>>;

/** Option tables by their headings in the help. */
export type OptionGroups = Readonly<Record<string, OptionTable>>;

/** The parsed values of some options. */
export type Values<T extends OptionTable> = { [Name in keyof T]: ValueOf<T[Name]> };

type ValueOf<O extends Option> = O extends { type: 'flag' }
  ? boolean
  : O extends { multiple: true }
    ? Parsed<O>[]
    : O extends { default: string }
      ? Parsed<O>
      : Parsed<O> | undefined;

type Parsed<O extends Option> = O['type'] extends ValueType ? ValueTypes[O['type']] : never;

/** The options of all groups. */
export type FlattenedGroups<G extends OptionGroups> = Intersection<G[keyof G]>;

type Intersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void
  ? I extends OptionTable
    ? I
    : never
  : never;

export function flattenGroups(groups: OptionGroups): OptionTable {
  return Object.assign({}, ...Object.values(groups));
}
