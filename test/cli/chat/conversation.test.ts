import { expect, it } from 'vitest';
import { Conversation } from '../../../src/cli/chat/conversation.js';
import type { Message } from '../../../src/index.js';

const message = (text: string): Message =>
  ({ content: [{ type: 'text', text }], stop_reason: 'end_turn' }) as unknown as Message;
const user = (content: string) => ({ role: 'user', content });
const assistant = (text: string) => ({ role: 'assistant', content: [{ type: 'text', text }] });

it('keeps the turns', () => {
  const conversation = new Conversation(undefined);
  expect(conversation.ask('a')).toEqual([user('a')]);
  conversation.addAnswer(message('b'));
  expect(conversation.ask('c')).toEqual([user('a'), assistant('b'), user('c')]);
});

it.each([
  ['nothing has arrived', undefined],
  ['nothing that can be sent has arrived', message(' ')],
])('omits a prompt for which %s', (_, answer) => {
  const conversation = new Conversation(undefined);
  conversation.ask('a');
  conversation.addAnswer(answer);
  expect(conversation.turns).toEqual([]);
  expect(conversation.takeBack()).toBe('a');
});

it('takes back the latest prompt and its answer', () => {
  const conversation = new Conversation(undefined);
  expect(conversation.takeBack()).toBeUndefined();
  conversation.ask('a');
  conversation.addAnswer(message('b'));
  conversation.ask('a');
  conversation.addAnswer(message('d'));
  expect(conversation.takeBack()).toBe('a');
  expect(conversation.turns).toEqual([user('a'), assistant('b')]);
});

it.each(['a', 'c'])('takes back only an unanswered prompt: %s', (prompt) => {
  const conversation = new Conversation(undefined);
  conversation.ask('a');
  conversation.addAnswer(message('b'));
  conversation.ask(prompt);
  conversation.addAnswer(undefined);
  expect(conversation.takeBack()).toBe(prompt);
  expect(conversation.turns).toEqual([user('a'), assistant('b')]);
});

it('takes back nothing more when asked twice', () => {
  const conversation = new Conversation(undefined);
  conversation.ask('a');
  conversation.addAnswer(message('b'));
  conversation.ask('c');
  conversation.addAnswer(message('d'));
  expect([conversation.takeBack(), conversation.takeBack()]).toEqual(['c', 'c']);
  expect(conversation.turns).toEqual([user('a'), assistant('b')]);
});
