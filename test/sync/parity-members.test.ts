import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { AnthropicError } from '../../src/errors.js';
import { OutputMessageStream } from '../../src/output/output-message-stream.js';
import { OutputStream } from '../../src/output/output-stream.js';
import { BatchResults } from '../../src/resources/batch-results.js';
import { Page } from '../../src/resources/page.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import { Stream } from '../../src/stream/stream.js';
import { SyncAnthropic } from '../../src/sync/client.js';
import { SyncBatchResults } from '../../src/sync/sync-batch-results.js';
import { SyncMessageStream } from '../../src/sync/sync-message-stream.js';
import { SyncOutputMessageStream } from '../../src/sync/sync-output-message-stream.js';
import { SyncOutputStream } from '../../src/sync/sync-output-stream.js';
import { SyncPage } from '../../src/sync/sync-page.js';
import { SyncStream } from '../../src/sync/sync-stream.js';
import { SyncToolRunner } from '../../src/sync/sync-tool-runner.js';
import { Run } from '../../src/tools/run.js';
import { ToolRunner } from '../../src/tools/tool-runner.js';
import { INTERNAL, NOT_HERE, TAKES_OTHER } from './parity.js';

const awaiting = new Anthropic({ apiKey: 'key' });
const blocking = new SyncAnthropic({ apiKey: 'key' });

/** Objects with the members of a type: a class with its statics, or what has the methods itself. */
const PAIRS: Readonly<Record<string, readonly [awaiting: object[], blocking: object[]]>> = {
  Anthropic: [
    [Anthropic, Anthropic.prototype, awaiting, awaiting.beta],
    [SyncAnthropic, SyncAnthropic.prototype, blocking, blocking.beta],
  ],
  Messages: [[awaiting.messages], [blocking.messages]],
  'Messages.withResponse': [[awaiting.messages.withResponse], [blocking.messages.withResponse]],
  BetaMessages: [[awaiting.beta.messages], [blocking.beta.messages]],
  Models: [[awaiting.models], [blocking.models]],
  Batches: [[awaiting.messages.batches], [blocking.messages.batches]],
  Page: both(Page, SyncPage),
  BatchResults: both(BatchResults, SyncBatchResults),
  MessageStream: both(MessageStream, SyncMessageStream),
  OutputMessageStream: both(OutputMessageStream, SyncOutputMessageStream),
  OutputStream: both(OutputStream, SyncOutputStream),
  Stream: both(Stream, SyncStream),
  ToolRunner: [
    [ToolRunner, ToolRunner.prototype, Run.prototype],
    [SyncToolRunner, SyncToolRunner.prototype],
  ],
};

type Class = { readonly prototype: object };

function both(one: Class, other: Class): [object[], object[]] {
  return [
    [one, one.prototype],
    [other, other.prototype],
  ];
}

/** The blocking member for an awaiting one, where it has another name. */
const RENAMED = new Map<string | symbol, symbol>([
  [Symbol.asyncIterator, Symbol.iterator],
  [Symbol.asyncDispose, Symbol.dispose],
]);

const NO_MEMBERS: ReadonlySet<string | symbol> = new Set([
  'constructor',
  'prototype',
  'length',
  'name',
  ...INTERNAL,
]);

function membersOf(objects: readonly object[]): Set<string | symbol> {
  const keys = objects.flatMap((one) => Reflect.ownKeys(one));
  return new Set(keys.filter((key) => !NO_MEMBERS.has(key)));
}

const isErrorClass = (name: string | symbol): boolean =>
  (Anthropic[name as keyof typeof Anthropic] as Class | undefined)?.prototype instanceof Error;

/** What the table in the document lists. */
function listed(): string[] {
  const page = readFileSync(new URL('../../docs/blocking.md', import.meta.url), 'utf8');
  const [, section = ''] = page.split('\n## What is missing\n');
  const rows = (section.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  return rows.map((row) => /`([^`]+)`/.exec(row)?.[1] ?? '');
}

describe.each(Object.entries(PAIRS))('%s', (name, [one, other]) => {
  const missing = NOT_HERE[name.replace('Beta', '') as keyof typeof NOT_HERE] ?? [];

  it('has each member without a promise, or a reason in the table', () => {
    const here = membersOf(other);
    const wanted = [...membersOf(one)].filter(
      (key) => !(name === 'Anthropic' && isErrorClass(key)),
    );
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((key) => !here.has(RENAMED.get(key) ?? key))).toEqual(missing);
  });

  it('has nothing that the awaiting client has not', () => {
    const there = new Set([...membersOf(one)].map((key) => RENAMED.get(key) ?? key));
    expect([...membersOf(other)].filter((key) => !there.has(key))).toEqual([]);
  });
});

describe('the table of what is not there', () => {
  it('lists what is missing, and nothing else', () => {
    const { ClientOptions, RequestOptions, ...types } = NOT_HERE;
    const members = Object.entries(types).flatMap(([type, names]) =>
      names.map((name) => `${type}.${name}`),
    );
    const wanted = ['apiKey', ...RequestOptions, ...ClientOptions, ...members, ...TAKES_OTHER];
    expect(listed().sort()).toEqual([...wanted, 'Anthropic.RateLimitError'].sort());
  });

  it.each(['apiKey', ...NOT_HERE.ClientOptions, ...NOT_HERE.RequestOptions])(
    'has a message for %s that names the way to do it',
    (option) => {
      const make = (): unknown => new SyncAnthropic({ [option]: () => {} });
      expect(make).toThrow(AnthropicError);
      expect(make).toThrow(
        new RegExp(`^${option}.* cannot cross .*: .+use Anthropic from 'millrace'$`),
      );
    },
  );
});
