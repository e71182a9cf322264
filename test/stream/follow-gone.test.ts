import { expect, it, vi } from 'vitest';
import { AnthropicError, APIUserAbortError, MessageStream } from '../../src/index.js';
import { all, failure } from './support.js';

const GONE = new TypeError('Failed to fetch dynamically imported module');

vi.mock('../../src/stream/follow/follow-source.js', () => {
  throw GONE;
});

it('a followed stream whose code does not load ends with one error, and opens nothing', async () => {
  const open = vi.fn<() => Promise<Response>>();
  const stream = MessageStream.follow(open);
  const error = (await failure(all(stream))) as AnthropicError;
  expect(error).toBeInstanceOf(AnthropicError);
  expect(error.message).toMatch(/^the code for MessageStream.follow did not load: /);
  expect(await failure(stream.getFinalMessage())).toBe(error);
  expect(await failure(stream.response)).toBe(error);
  expect(open).not.toHaveBeenCalled();
});

it('one that is closed meanwhile opens nothing, and rejects nothing', async () => {
  const open = vi.fn<() => Promise<Response>>();
  const stream = MessageStream.follow(open);
  const text = stream.getFinalText();
  stream.close();
  expect(await failure(text)).toBeInstanceOf(APIUserAbortError);
  await vi.dynamicImportSettled();
  expect(open).not.toHaveBeenCalled();
});
