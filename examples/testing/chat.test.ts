import { Anthropic } from 'millrace';
import { fault, reply, useEmulator } from 'millrace/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Chat, type Tools } from './chat.js';

// A new emulator and server for each test; a test fails that leaves replies unused.
const api = useEmulator({ beforeEach, afterEach }, { assertDone: true });

const chat = (tools?: Tools): Chat =>
  new Chat(
    new Anthropic({
      baseURL: api.url,
      apiKey: 'test',
      maxRetries: 1,
      timeout: { response: 5_000, idle: 100 },
    }),
    tools,
  );

it('shows what came before a stall', async () => {
  const stalled = fault.stall({ event: 6 }); // After the third piece of text.
  api.script([reply.faulty(reply.text('It was a dark and stormy night.'), stalled)]);
  expect(await chat().say('A story!')).toEqual({ text: 'It was a', outcome: 'interrupted' });
  expect(await api.emulator.requests[0]?.ended).toBe('left'); // The request is given up.
});

it('shows what came before a cut', async () => {
  api.script([reply.faulty(reply.text('It was a dark night.'), fault.cut({ phase: 'text' }))]);
  const pieces: string[] = [];
  const answer = await chat().say('A story!', (piece) => pieces.push(piece));
  expect(answer).toEqual({ text: 'It', outcome: 'interrupted' });
  expect(pieces).toEqual(['It']);
});

it('runs tools until there is an answer', async () => {
  api.script([
    reply.sequence(reply.thinking('I need the time.'), reply.toolUse('get_time', { zone: 'UTC' })),
    reply.text('It is noon.'),
  ]);
  const asked: unknown[] = [];
  const tools = {
    get_time: (input: unknown) => {
      asked.push(input);
      return '12:00';
    },
  };
  expect(await chat(tools).say('What time is it?')).toEqual({
    text: 'It is noon.',
    outcome: 'complete',
  });
  expect(asked).toEqual([{ zone: 'UTC' }]);
  // The emulator checks what comes back as the API does: signature, ids, order.
  expect(api.emulator.requests[1]?.body.messages).toHaveLength(3);
});

it('waits out one overload, and says so after two', async () => {
  const overloaded = reply.error(529, 'Overloaded', { headers: { 'retry-after-ms': '1' } });
  api.script([overloaded, reply.text('Here I am.'), overloaded, overloaded]);
  expect(await chat().say('Hello?')).toEqual({ text: 'Here I am.', outcome: 'complete' });
  expect(await chat().say('Hello?')).toEqual({ text: '', outcome: 'busy' });
});
