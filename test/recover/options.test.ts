import { expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { AnthropicError } from '../../src/errors.js';
import { type RecoverOptions, recoverOptions } from '../../src/stream/recover/options.js';
import { PARAMS } from '../stream/support.js';

it.each<[given: boolean | RecoverOptions | undefined, options: unknown]>([
  [undefined, undefined],
  [false, undefined],
  [true, { attempts: 2, mode: 'auto' }],
  [{}, { attempts: 2, mode: 'auto' }],
  [{ attempts: 0 }, { attempts: 0, mode: 'auto' }],
  [{ mode: 'prefill' }, { attempts: 2, mode: 'prefill' }],
  [
    { attempts: 5, mode: 'instruct' },
    { attempts: 5, mode: 'instruct' },
  ],
])('recover: %j means %j', (given, options) => {
  expect(recoverOptions(given)).toEqual(options);
});

it.each<[given: object, says: string]>([
  [{ attempts: -1 }, 'recover.attempts is -1: give a whole number, such as 2'],
  [{ attempts: NaN }, 'recover.attempts is NaN: give a whole number'],
  [{ attempts: 1.5 }, 'recover.attempts is 1.5'],
  [{ attempts: Infinity }, 'recover.attempts is Infinity'],
  [{ attempts: '3' }, 'recover.attempts is "3"'],
  [{ attempts: null }, 'recover.attempts is null'],
  [{ attempt: 3 }, 'there is no recover.attempt: pass true, or { attempts, mode }'],
  [{ mode: 'ask' }, `recover.mode is "ask": give 'auto', 'prefill' or 'instruct'`],
])('recover: %j is refused before anything is sent', (given, says) => {
  const { messages } = new Anthropic({ apiKey: 'key', fetch: () => Promise.reject(new Error()) });
  const refused = (): unknown => messages.stream(PARAMS, { recover: given as RecoverOptions });
  expect(refused).toThrow(AnthropicError);
  expect(refused).toThrow(says);
});
