import type { ValueType, ValueTypes } from './value-types.js';

/** One option of the command line: what is parsed, what `--help` says and what a shell completes. */
export interface Option {
  /** `flag` takes no value. */
  readonly type: 'flag' | ValueType;
  readonly short?: string;
  /** What the value is called in the help. */
  readonly value?: string;
  /** As it would be written. */
  readonly default?: string;
  /** May be given more than once. */
  readonly multiple?: true;
  readonly help: string;
}

/** Options by their long names. */
export type OptionTable = Readonly<Record<string, Option>>;

/** Tables of options by the heading that they have in the help. */
export type OptionGroups = Readonly<Record<string, OptionTable>>;

/** What the command line says of some options. */
export type Values<T extends OptionTable> = { [Name in keyof T]: ValueOf<T[Name]> };

type ValueOf<O extends Option> = O extends { type: 'flag' }
  ? boolean
  : O extends { multiple: true }
    ? Given<O>[]
    : O extends { default: string }
      ? Given<O>
      : Given<O> | undefined;

type Given<O extends Option> = O['type'] extends ValueType ? ValueTypes[O['type']] : never;

/** The options of all groups. */
export type Ungrouped<G extends OptionGroups> = Intersection<G[keyof G]>;

type Intersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void
  ? I extends OptionTable
    ? I
    : never
  : never;

export function ungrouped(groups: OptionGroups): OptionTable {
  return Object.assign({}, ...Object.values(groups));
}
