import { describe, expect, it } from 'vitest';
import { checkOptions, must } from '../src/check-options.js';
import { Anthropic } from '../src/client.js';
import { AnthropicError } from '../src/errors.js';
import { MessageStream } from '../src/stream/message-stream.js';
import { Stream } from '../src/stream/stream.js';
import { failure } from './stream/support.js';

const any = must(() => true, '');
const NAMES = { timeout: any, maxRetries: any, defaultHeaders: any, baseURL: any };

describe('checkOptions', () => {
  it.each<[name: string, near: string]>([
    ['maxRetry', 'maxRetries'],
    ['max_retries', 'maxRetries'],
    ['retries', 'maxRetries'],
    ['timeOut', 'timeout'],
    ['timeoutMs', 'timeout'],
    ['tiemout', 'timeout'],
    ['headers', 'defaultHeaders'],
    ['baseUrl', 'baseURL'],
  ])('%s: did you mean %s?', (name, near) => {
    const check = (): void => checkOptions({ timeout: 5, [name]: 1 }, NAMES);
    expect(check).toThrow(AnthropicError);
    expect(check).toThrow(`unknown option '${name}'; did you mean '${near}'?`);
  });

  it.each(['logger', 'x', 'query', 'constructor', '__proto__x', 'url', 'm'.repeat(200)])(
    '%s is like none: names them all',
    (name) => {
      expect(() => checkOptions({ [name]: 0 }, NAMES)).toThrow(
        `unknown option '${name}': the options are timeout, maxRetries, defaultHeaders, baseURL`,
      );
    },
  );

  it('takes undefined as not given, and null for an option that does not exist', () => {
    expect(() => checkOptions({}, NAMES)).not.toThrow();
    const never = must(() => false, 'leave it out');
    expect(() => checkOptions({ x: undefined }, { x: never })).not.toThrow();
    expect(() => checkOptions({ x: null }, { x: never })).toThrow('x is null: leave it out');
    expect(() => checkOptions({ fetchOptions: undefined, signal: null }, NAMES)).not.toThrow();
  });

  it.each([null, 'sk-ant-secret', 5])('%j are no options, and are not shown', (options) => {
    const check = (): void => checkOptions(options, NAMES);
    expect(check).toThrow(AnthropicError);
    expect(check).toThrow(/^options must be an object, such as { maxRetries: 3 }$/);
  });
});

const params = { model: 'm', max_tokens: 1, messages: [] };
const client = new Anthropic({ apiKey: 'key', fetch: () => Promise.reject(new Error('sent')) });

/** Each place that takes options, and an option that is misspelled there. */
const places: Readonly<Record<string, [options: object, message: string, use: Use]>> = {
  'new Anthropic': [
    { maxRetry: 1 },
    "'maxRetry'; did you mean 'maxRetries'?",
    (o) => new Anthropic(o),
  ],
  withOptions: [
    { headers: {} },
    "'headers'; did you mean 'defaultHeaders'?",
    (o) => client.withOptions(o),
  ],
  create: [
    { maxRetry: 1 },
    "'maxRetry'; did you mean 'maxRetries'?",
    (o) => client.messages.create(params, o),
  ],
  'create({ stream })': [
    { Signal: 1 },
    "'Signal'; did you mean 'signal'?",
    (o) => client.messages.create({ ...params, stream: true }, o),
  ],
  'create of a long answer': [
    { timeouts: 1 },
    "'timeouts'; did you mean 'timeout'?",
    (o) => client.messages.create({ ...params, max_tokens: 64_000 }, o),
  ],
  stream: [
    { recovery: true },
    "'recovery'; did you mean 'recover'?",
    (o) => client.messages.stream(params, o),
  ],
  'beta stream': [
    { maxTurns: 3 },
    "'maxTurns': the options are signal, timeout, maxRetries, extraHeaders, extraQuery, extraBody, maxEventBytes, maxMessageBytes, recover",
    (o) => client.beta.messages.stream(params, o),
  ],
  toolRunner: [
    { maxTurn: 3 },
    "'maxTurn'; did you mean 'maxTurns'?",
    (o) => client.messages.toolRunner({ ...params, tools: [] }, o),
  ],
  countTokens: [
    { headers: {} },
    "'headers'; did you mean 'extraHeaders'?",
    (o) => client.messages.countTokens(params, o),
  ],
};
type Use = (options: object) => unknown;

describe.each(Object.entries(places))('%s', (_, [options, message, use]) => {
  it('names an option that does not exist', async () => {
    const error = await failure((async () => use(options))());
    expect(error).toBeInstanceOf(AnthropicError);
    expect(error).toHaveProperty('message', `unknown option ${message}`);
  });

  it('refuses what is no options', async () => {
    for (const none of [null, 'key']) {
      const error = await failure((async () => use(none as unknown as object))());
      expect(error).toBeInstanceOf(AnthropicError);
      expect(error).toHaveProperty('message', expect.stringMatching(/^options must be an object/));
    }
  });

  it('refuses a limit that is none', async () => {
    const bad: readonly [options: object, message: string][] = [
      [{ maxEventBytes: Number.NaN }, 'maxEventBytes is NaN'],
      [{ maxEventBytes: -5 }, 'maxEventBytes is -5'],
      [{ timeout: '30s' }, 'timeout is "30s": pass milliseconds'],
      [{ timeout: null }, 'timeout is null: pass milliseconds'],
      [{ timeout: { read: 5 } }, 'there is no timeout.read'],
    ];
    for (const [wrong, text] of bad) {
      const error = await failure((async () => use(wrong))());
      expect(error).toBeInstanceOf(AnthropicError);
      expect(error).toHaveProperty('message', expect.stringContaining(text));
    }
  });
});

it('maxEventBytes is checked where there is no client too', async () => {
  const wrong = { maxEventBytes: Number.NaN };
  const received = new Response('data: {}\n\n');
  expect(() => MessageStream.from(received, wrong)).toThrow('maxEventBytes is NaN');
  const raw = Stream.rawEvents(received, wrong).next();
  expect(await failure(raw)).toHaveProperty(
    'message',
    expect.stringMatching(/^maxEventBytes is NaN/),
  );
});

it('create and countTokens reject what makes no sense; they throw nothing', async () => {
  const { create, countTokens } = client.messages;
  const wrong = undefined as unknown as typeof params;
  const calls = [create(wrong), countTokens(wrong), create(params, { maxRetries: -1 })];
  const messages = await Promise.all(
    calls.map(async (call) => ((await failure(call)) as Error).message),
  );
  expect(messages).toEqual([
    'no params: write messages.create({ model, max_tokens, messages })',
    'no params: write messages.countTokens({ model, messages })',
    'maxRetries is -1: give a whole number, such as 2, or 0 for no retries',
  ]);
});
