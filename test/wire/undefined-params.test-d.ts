import { describe, expectTypeOf, it } from 'vitest';
import type {
  BetaMessageCreateParams,
  BetaMessageStreamParams,
  ClientOptions,
  MessageCountTokensParams,
  MessageCreateParams,
  MessageStreamParams,
  RequestOptions,
  RunnerOptions,
  StreamOptions,
} from '../../src/index.js';
import type { SyncClientOptions, SyncStreamOptions } from '../../src/sync/index.js';
import type { RunnerParams } from '../../src/tools/runner-options.js';
import type { BetaMessageCountTokensParams } from '../../src/wire/beta-params.js';

/*
 * Under `exactOptionalPropertyTypes`, which this project compiles with, `system: maybe` is an error
 * unless the type says `| undefined`. So every optional field of params and options must say it, at every
 * depth.
 */

/** The known names of an object type, without its index signature. */
type Names<T> = keyof { [K in keyof T as string extends K ? never : K]: T[K] } & string & keyof T;

/** The optional fields in `T` that don't accept undefined, by their paths. */
type Refusing<T, Path extends string = '', Depth extends unknown[] = []> = Depth['length'] extends 9
  ? never
  : T extends readonly (infer Item)[]
    ? Refusing<Item, `${Path}[]`, [...Depth, 0]>
    : T extends string | ((...args: never) => unknown)
      ? never
      : T extends object
        ? {
            [K in Names<T>]-?:
              | RefusingField<T, K, Path>
              | Refusing<NonNullable<T[K]>, `${Path}.${K}`, [...Depth, 0]>;
          }[Names<T>]
        : never;

type RefusingField<T, K extends keyof T & string, Path extends string> =
  // biome-ignore lint/complexity/noBannedTypes: an object without the field
  {} extends Pick<T, K>
    ? { [P in K]: undefined } extends Pick<T, K>
      ? never
      : `${Path}.${K}`
    : never;

describe('the check finds', () => {
  it('what refuses undefined, in lists, unions and index signatures too', () => {
    interface Inner {
      fine?: string | undefined;
      bad?: string;
      needed: number;
      [other: string]: unknown;
    }
    interface Outer {
      a: Inner;
      b?: readonly ({ type: 'x' } | { type: 'y'; deep?: { c?: 1 } | null })[] | undefined;
    }
    expectTypeOf<Refusing<Outer>>().toEqualTypeOf<'.a.bad' | '.b[].deep' | '.b[].deep.c'>();
  });
});

describe('undefined is accepted by every optional field', () => {
  it('of params', () => {
    expectTypeOf<Refusing<MessageStreamParams>>().toBeNever();
    expectTypeOf<Refusing<MessageCreateParams>>().toBeNever();
    expectTypeOf<Refusing<MessageCountTokensParams>>().toBeNever();
    expectTypeOf<Refusing<RunnerParams<MessageStreamParams>>>().toBeNever();
  });

  it('of beta params', () => {
    expectTypeOf<Refusing<BetaMessageStreamParams>>().toBeNever();
    expectTypeOf<Refusing<BetaMessageCreateParams>>().toBeNever();
    expectTypeOf<Refusing<BetaMessageCountTokensParams>>().toBeNever();
    expectTypeOf<Refusing<RunnerParams<BetaMessageStreamParams>>>().toBeNever();
  });

  it('of options', () => {
    type Own = 'signal' | 'agent' | 'fetch' | 'clock';
    expectTypeOf<Refusing<Omit<ClientOptions, Own>>>().toBeNever();
    expectTypeOf<Refusing<Omit<RequestOptions, Own>>>().toBeNever();
    expectTypeOf<Refusing<Omit<StreamOptions, Own>>>().toBeNever();
    expectTypeOf<Refusing<Omit<RunnerOptions, Own>>>().toBeNever();
    expectTypeOf<Refusing<SyncClientOptions>>().toBeNever();
    expectTypeOf<Refusing<SyncStreamOptions>>().toBeNever();
  });
});
