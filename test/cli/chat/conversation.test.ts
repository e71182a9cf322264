import { expect, it } from 'vitest';
import { Conversation } from '../../../src/cli/chat/conversation.js';
import type { Message } from '../../../src/wire/message.js';

const message = (text: string): Message =>
  ({ content: [{ type: 'text', text }], stop_reason: 'end_turn' }) as unknown as Message;
const user = (content: string) => ({ role: 'user', content });
const assistant = (text: string) => ({ role: 'assistant', content: [{ type: 'text', text }] });

it('keeps the turns', () => {
  const conversation = new Conversation(undefined);
  expect(conversation.ask('a')).toEqual([user('a')]);
  conversation.answered(message('b'));
  expect(conversation.ask('c')).toEqual([user('a'), assistant('b'), user('c')]);
});

it.each([
  ['nothing came', undefined],
  ['nothing came that can be sent', message(' ')],
])('leaves a question out of which %s', (_, came) => {
  const conversation = new Conversation(undefined);
  conversation.ask('a');
  conversation.answered(came);
  expect(conversation.turns).toEqual([]);
  expect(conversation.takeBack()).toBe('a');
});

it('takes the latest question back with its answer', () => {
  const conversation = new Conversation(undefined);
  expect(conversation.takeBack()).toBeUndefined();
  conversation.ask('a');
  conversation.answered(message('b'));
  conversation.ask('a');
  conversation.answered(message('d'));
  expect(conversation.takeBack()).toBe('a');
  expect(conversation.turns).toEqual([user('a'), assistant('b')]);
});

it('takes an unanswered question back alone', () => {
  const conversation = new Conversation(undefined);
  conversation.ask('a');
  conversation.answered(message('b'));
  conversation.ask('c');
  conversation.answered(undefined);
  expect(conversation.takeBack()).toBe('c');
  expect(conversation.turns).toEqual([user('a'), assistant('b')]);
});
