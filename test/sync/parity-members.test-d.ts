import { describe, expectTypeOf, it } from 'vitest';
import type {
  Anthropic,
  Batches,
  BatchResults,
  BetaMessage,
  BetaMessages,
  ClientOptions,
  Message,
  MessageStream,
  Messages,
  Models,
  OutputMessageStream,
  OutputStream,
  Page,
  RawMessageStreamEvent,
  RequestOptions,
  ResponsePromise,
  RunnerOptions,
  Stream,
  StreamOptions,
  ToolRunner,
  WithResponse,
} from '../../src/index.js';
import type { Beta, GA } from '../../src/resources/edition.js';
import type {
  SyncAnthropic,
  SyncBatches,
  SyncBatchResults,
  SyncBetaMessages,
  SyncClientOptions,
  SyncMessageStream,
  SyncMessages,
  SyncModels,
  SyncOutputMessageStream,
  SyncOutputStream,
  SyncPage,
  SyncRequestOptions,
  SyncRunnerOptions,
  SyncStream,
  SyncStreamOptions,
  SyncToolRunner,
} from '../../src/sync/index.js';
import type { INTERNAL, NOT_HERE } from './parity.js';

/** A type of the awaiting client, with its promises and async iterables stripped. */
type Blocking<T> =
  T extends ResponsePromise<infer Value>
    ? Blocking<Value>
    : T extends Promise<infer Value>
      ? Blocking<Value>
      : T extends WithResponse<infer Data>
        ? WithResponse<Blocking<Data>>
        : T extends Anthropic
          ? SyncAnthropic
          : T extends ToolRunner<infer M, infer S>
            ? SyncToolRunner<M, Blocking<S>>
            : T extends OutputMessageStream<infer Output, infer Input, infer M>
              ? SyncOutputMessageStream<Output, Input, M>
              : T extends MessageStream<infer M>
                ? SyncMessageStream<M>
                : T extends OutputStream<infer Input>
                  ? SyncOutputStream<Input>
                  : T extends Stream<infer Event>
                    ? SyncStream<Event>
                    : T extends Page<infer Item>
                      ? SyncPage<Item>
                      : T extends BatchResults<infer Item>
                        ? SyncBatchResults<Item>
                        : T extends readonly [infer First, infer Second]
                          ? [Blocking<First>, Blocking<Second>]
                          : T extends AsyncGenerator<infer Item, infer End, infer Sent>
                            ? Generator<Item, End, Sent>
                            : T extends AsyncIterableIterator<infer Item, infer End>
                              ? IterableIterator<Blocking<Item>, End>
                              : T extends AsyncIterable<infer Item>
                                ? Iterable<Item>
                                : T extends (...args: infer Args) => infer Result
                                  ? (...args: BlockingArgs<Args>) => Blocking<Result>
                                  : T;

/** Arguments, with options that can cross to the other thread. */
type BlockingArgs<Args> = { [I in keyof Args]: BlockingArg<Args[I]> };

type BlockingArg<T> = T extends undefined
  ? T
  : HasKeysOf<T, ClientOptions> extends true
    ? SyncClientOptions
    : HasKeysOf<T, RunnerOptions> extends true
      ? SyncRunnerOptions
      : HasKeysOf<T, StreamOptions> extends true
        ? SyncStreamOptions
        : HasKeysOf<T, RequestOptions> extends true
          ? SyncRequestOptions
          : T;

type HasKeysOf<T, Options> = [keyof T, keyof Options] extends [keyof Options, keyof T]
  ? true
  : false;

type Renamed<Key> = Key extends typeof Symbol.asyncIterator
  ? typeof Symbol.iterator
  : Key extends typeof Symbol.asyncDispose
    ? typeof Symbol.dispose
    : Key;

/** The members that a blocking type must have. */
type Wanted<T, Missing extends PropertyKey = never> = {
  [Key in Exclude<keyof T, Missing | (typeof INTERNAL)[number]> as Renamed<Key>]: Blocking<T[Key]>;
};

/** The members of a type, as `Wanted` writes them. */
type Members<T> = { [Key in Exclude<keyof T, (typeof INTERNAL)[number]>]: Plain<T[Key]> };
type Plain<T> = T extends (...args: infer Args) => infer Result ? (...args: Args) => Result : T;

type NotHere<Name extends keyof typeof NOT_HERE> = (typeof NOT_HERE)[Name][number];

describe('each member, its promises and async iterables stripped', () => {
  it('of streams', () => {
    type Output = { city: string };
    expectTypeOf<Members<SyncMessageStream>>().toEqualTypeOf<
      Wanted<MessageStream, NotHere<'MessageStream'>>
    >();
    expectTypeOf<Members<SyncMessageStream<BetaMessage>>>().toEqualTypeOf<
      Wanted<MessageStream<BetaMessage>, NotHere<'MessageStream'>>
    >();
    expectTypeOf<Members<SyncOutputMessageStream<Output>>>().toEqualTypeOf<
      Wanted<OutputMessageStream<Output>, NotHere<'MessageStream'>>
    >();
    expectTypeOf<Members<SyncOutputStream<Output>>>().toEqualTypeOf<Wanted<OutputStream<Output>>>();
    expectTypeOf<Members<SyncStream<RawMessageStreamEvent>>>().toEqualTypeOf<
      Wanted<Stream<RawMessageStreamEvent>, NotHere<'Stream'>>
    >();
  });

  it('of runs', () => {
    expectTypeOf<Members<SyncToolRunner>>().toEqualTypeOf<
      Wanted<ToolRunner, NotHere<'ToolRunner'>>
    >();
    expectTypeOf<Members<SyncToolRunner<BetaMessage>>>().toEqualTypeOf<
      Wanted<ToolRunner<BetaMessage>, NotHere<'ToolRunner'>>
    >();
  });

  it('of the client', () => {
    type Nested = 'messages' | 'models' | 'beta';
    expectTypeOf<Omit<Members<SyncAnthropic>, Nested>>().toEqualTypeOf<
      Omit<Wanted<Anthropic>, Nested>
    >();
    expectTypeOf<keyof SyncAnthropic['beta']>().toEqualTypeOf<keyof Anthropic['beta']>();
  });

  it('of messages, in both editions', () => {
    type WithResponseMembers = 'withResponse' | 'batches';
    expectTypeOf<Omit<Members<SyncMessages>, WithResponseMembers>>().toEqualTypeOf<
      Omit<Wanted<Messages>, WithResponseMembers>
    >();
    expectTypeOf<Omit<Members<SyncBetaMessages>, WithResponseMembers>>().toEqualTypeOf<
      Omit<Wanted<BetaMessages>, WithResponseMembers>
    >();
    expectTypeOf<Members<SyncMessages['withResponse']>>().toEqualTypeOf<
      Wanted<Messages['withResponse']>
    >();
    expectTypeOf<Members<SyncBetaMessages['withResponse']>>().toEqualTypeOf<
      Wanted<BetaMessages['withResponse']>
    >();
  });

  it('of models and batches', () => {
    expectTypeOf<Members<SyncModels>>().toEqualTypeOf<Wanted<Models>>();
    expectTypeOf<Members<SyncBatches<GA>>>().toEqualTypeOf<Wanted<Batches<GA>>>();
    expectTypeOf<Members<SyncBatches<Beta>>>().toEqualTypeOf<Wanted<Batches<Beta>>>();
    expectTypeOf<SyncMessages['batches']>().toEqualTypeOf<SyncBatches<GA>>();
    expectTypeOf<Messages['batches']>().toEqualTypeOf<Batches<GA>>();
    expectTypeOf<Members<SyncPage<string>>>().toEqualTypeOf<Wanted<Page<string>>>();
    expectTypeOf<Members<SyncBatchResults<string>>>().toEqualTypeOf<Wanted<BatchResults<string>>>();
  });

  it('is compared: a member that differs is found', () => {
    type Other = Omit<SyncMessageStream, 'getFinalText'> & { getFinalText(): number };
    expectTypeOf<Members<Other>>().not.toEqualTypeOf<
      Wanted<MessageStream, NotHere<'MessageStream'>>
    >();
    expectTypeOf<Blocking<MessageStream['getFinalMessage']>>().toEqualTypeOf<() => Message>();
    expectTypeOf<Blocking<Stream<RawMessageStreamEvent>['tee']>>().toEqualTypeOf<
      () => [SyncStream<RawMessageStreamEvent>, SyncStream<RawMessageStreamEvent>]
    >();
  });
});

it('each option, but for those in the table', () => {
  expectTypeOf<Exclude<keyof ClientOptions, keyof SyncClientOptions>>().toEqualTypeOf<
    NotHere<'ClientOptions'>
  >();
  expectTypeOf<Exclude<keyof RequestOptions, keyof SyncRequestOptions>>().toEqualTypeOf<
    NotHere<'RequestOptions'>
  >();
  expectTypeOf<Exclude<keyof StreamOptions, keyof SyncStreamOptions>>().toEqualTypeOf<
    NotHere<'RequestOptions'>
  >();
  expectTypeOf<Exclude<keyof SyncClientOptions, keyof ClientOptions>>().toBeNever();
});
