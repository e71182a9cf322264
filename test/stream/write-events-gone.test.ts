import { expect, it, vi } from 'vitest';
import { AnthropicError } from '../../src/errors.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import { TEXT } from './partial-input-streams.js';
import { failure } from './support.js';

vi.mock('../../src/stream/write-events.js', () => {
  throw new TypeError('Failed to fetch dynamically imported module');
});

it('a response whose code does not load breaks with an error that says so', async () => {
  const response = MessageStream.from(new Response(TEXT)).toResponse();
  const error = (await failure(response.text())) as AnthropicError;
  expect(error).toBeInstanceOf(AnthropicError);
  expect(error.message).toMatch(/^the code for writing events did not load: /);
});

it('a response that is cancelled unread needs no code', async () => {
  const response = MessageStream.from(new Response(TEXT)).toResponse();
  await response.body?.cancel();
});
