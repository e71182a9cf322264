import { describe, expect, it } from 'vitest';
import { Anthropic } from '../src/client.js';
import { AnthropicError } from '../src/errors.js';
import { CLIENT_OPTIONS } from '../src/options.js';
import {
  REQUEST_OPTIONS,
  RUNNER_OPTIONS,
  STREAM_OPTIONS,
} from '../src/resources/request-options.js';
import { SyncAnthropic } from '../src/sync/client.js';
import { tool } from '../src/tools/tool.js';
import { failure, PARAMS } from './stream/support.js';

/*
 * Every option of a client and of a request, with values of every kind. An invalid one is refused where
 * it is given, by its name, with what to write instead; nothing is sent.
 */

/** Values of every kind, by what they are called below. */
const VALUES: Readonly<Record<string, unknown>> = {
  null: null,
  '""': '',
  '"120"': '120',
  '"http"': 'http://a.test',
  true: true,
  NaN: Number.NaN,
  '-1': -1,
  0: 0,
  1.5: 1.5,
  3: 3,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  bigint: 5n,
  symbol: Symbol('odd'),
  '[]': [],
  '[3]': [3],
  '{}': {},
  '{ a: "b" }': { a: 'b' },
  '{ a: {} }': { a: {} },
  '{ a: null }': { a: null },
  'a Map': new Map([['a', 'b']]),
  'a Headers': new Headers({ a: 'b' }),
  'a function': () => {},
  'a signal': new AbortController().signal,
  'a URL': new URL('http://a.test'),
};

const LIMITS = ['1.5', '3', 'Infinity'];
const FIELDS = ['{}', '{ a: "b" }', '{ a: null }', 'a signal', 'a URL', 'a function'];

/** Which of the values an option takes: those that its check can't tell from good ones, too. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  apiKey: ['null', '""', '"120"', '"http"', 'a function'],
  authToken: ['null', '""', '"120"', '"http"'],
  baseURL: ['"http"', 'a URL'],
  authHeader: [],
  proxy: ['"120"', '"http"'],
  timeout: [...LIMITS, '{}', 'a signal', 'a URL'],
  maxRetries: ['0', '3', 'Infinity'],
  defaultHeaders: FIELDS.filter((name) => name !== 'a function'),
  defaultQuery: FIELDS.filter((name) => name !== 'a function'),
  fetch: ['a function'],
  agent: ['{}', '{ a: "b" }', '{ a: {} }', '{ a: null }', 'a signal', 'a URL'],
  http2: ['true', '{}', 'a signal', 'a URL'],
  tls: ['{}', 'a signal', 'a URL'],
  dangerouslyAllowBrowser: ['true'],
  maxEventBytes: LIMITS,
  maxMessageBytes: LIMITS,
  observe: ['a function'],
  inspect: ['true'],
  clock: [],
  signal: ['a signal'],
  extraHeaders: FIELDS.filter((name) => name !== 'a function'),
  extraQuery: FIELDS.filter((name) => name !== 'a function'),
  extraBody: ['{}', '{ a: "b" }', '{ a: {} }', '{ a: null }', 'a signal', 'a URL'],
  recover: ['true', '{}', 'a signal', 'a URL'],
  maxTurns: ['3', 'Infinity'],
  maxParallel: ['3', 'Infinity'],
  eager: ['true', 'a function'],
  compact: [],
  keepUnsignedThinking: ['true'],
  approve: ['a function'],
};

const fetch = (): Promise<Response> => Promise.reject(new Error('sent'));
const client = new Anthropic({ apiKey: 'key', fetch, maxRetries: 0 });
const blocking = new SyncAnthropic({ apiKey: 'key', baseURL: 'http://127.0.0.1:9' });
const tools = [tool({ name: 'look', description: '', input: { type: 'object' }, run: () => '' })];

type Use = (options: object) => unknown;
const streams: Readonly<Record<string, Use>> = {
  stream: (options) => client.messages.stream(PARAMS, options),
  toolRunner: (options) => client.messages.toolRunner({ ...PARAMS, tools }, options),
};
const requests: Readonly<Record<string, Use>> = {
  create: (options) => client.messages.create(PARAMS, options),
  countTokens: (options) => client.messages.countTokens(PARAMS, options),
};
const clients: Readonly<Record<string, Use>> = {
  'new Anthropic': (options) => new Anthropic(options),
  withOptions: (options) => new Anthropic({ apiKey: 'key' }).withOptions(options),
};
/** They would send a request that is not refused, and wait. */
const blockingUses: Readonly<Record<string, Use>> = {
  create: (options) => blocking.messages.create(PARAMS, options),
  stream: (options) => blocking.messages.stream(PARAMS, options),
  countTokens: (options) => blocking.messages.countTokens(PARAMS, options),
};

const invalid = (option: string): [name: string, value: unknown][] =>
  Object.entries(VALUES).filter(([name]) => !TAKEN[option]?.includes(name));

async function refusal(use: Use, option: string, value: unknown): Promise<string> {
  const error = await failure((async () => use({ [option]: value }))());
  expect(error).toBeInstanceOf(AnthropicError);
  expect((error as Error).name).toBe('AnthropicError');
  return (error as Error).message;
}

/** The options that methods take besides those of every request. */
const TABLES: Readonly<Record<string, object>> = {
  stream: STREAM_OPTIONS,
  toolRunner: RUNNER_OPTIONS,
};

/** The name of the option or of a part of it, what it is, and what to write. */
const saysHow = (option: string): RegExp => new RegExp(`^(there is no )?${option}\\b.*: \\S`);

it('the table has every option', () => {
  const names = Object.keys({ ...CLIENT_OPTIONS, ...RUNNER_OPTIONS });
  expect(Object.keys(TAKEN).sort()).toEqual(names.sort());
});

describe.each(Object.keys(CLIENT_OPTIONS))('%s of a client', (option) => {
  it.each(invalid(option))('is refused as %s', async (_, value) => {
    for (const use of Object.values(clients)) {
      expect(await refusal(use, option, value)).toMatch(saysHow(option));
    }
    expect(await refusal((o) => new SyncAnthropic(o), option, value)).toContain(option);
  });

  it.each(TAKEN[option] ?? [])('is taken as %s', (name) => {
    for (const use of Object.values(clients)) {
      expect(() => use({ [option]: VALUES[name] })).not.toThrow();
    }
  });
});

describe.each(Object.keys(RUNNER_OPTIONS))('%s of a request', (option) => {
  const takes = (name: string): boolean => option in (TABLES[name] ?? REQUEST_OPTIONS);
  const uses = Object.entries({ ...streams, ...requests }).filter(([name]) => takes(name));
  const blockingOnes = Object.entries(blockingUses).filter(([name]) => takes(name));

  it.each(invalid(option))('is refused as %s', async (_, value) => {
    for (const [, use] of uses) {
      expect(await refusal(use, option, value)).toMatch(saysHow(option));
    }
    for (const [, use] of blockingOnes) {
      expect(await refusal(use, option, value)).toContain(option);
    }
  });

  it.each(TAKEN[option] ?? [])('is taken as %s', (taken) => {
    for (const [name, use] of Object.entries(streams)) {
      if (!takes(name)) continue;
      expect(() => use({ [option]: VALUES[taken] })).not.toThrow();
    }
  });
});

describe('a value that may be a secret is not shown', () => {
  it.each<[options: object, message: string]>([
    [{ apiKey: 123456 }, 'apiKey is a number: pass a string, a function that returns one, or null'],
    [{ authToken: ['sk-1'] }, 'authToken is an array: pass a string, or null for none'],
    [{ defaultHeaders: { 'x-key': 123456 } }, 'defaultHeaders["x-key"] is a number: pass a string'],
    [{ defaultQuery: { key: ['sk-1'] } }, 'defaultQuery.key is an array: pass a string, a number'],
  ])('%j', (options, message) => {
    expect(() => new Anthropic(options)).toThrow(message);
  });
});

describe('extraBody does not contain what decides how the response is read', () => {
  it('stream', () => {
    expect(() => client.messages.stream(PARAMS, { extraBody: { stream: false } })).toThrow(
      'extraBody.stream is not possible: write messages.stream(params)',
    );
  });

  it.each(['messages', 'tools', 'container'])('%s, in a run', (param) => {
    expect(() => streams.toolRunner?.({ extraBody: { [param]: [] } })).toThrow(
      `extraBody.${param} is not possible in a run, which changes ${param}: write toolRunner({ …, ${param} })`,
    );
    expect(() => streams.stream?.({ extraBody: { [param]: [] } })).not.toThrow();
  });
});
