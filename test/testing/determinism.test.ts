import { expect, it } from 'vitest';
import { createEmulator, reply } from '../../src/testing/index.js';
import { ask } from './ask.js';

const REPLIES = [
  reply.sequence(reply.thinking('Hm.'), reply.text('So.'), reply.toolUse('a', { b: [1, 2] })),
  reply.error(529),
  reply.sequence(reply.toolUse('a', {}), reply.toolUse('b', {}), reply.error('api_error')),
];

/** Everything that an emulator sends for some requests, byte for byte. */
async function run(): Promise<string> {
  const emulator = createEmulator({ replies: REPLIES });
  let sent = '';
  for (const stream of [true, true, true, false]) {
    const response = await ask(emulator, { stream });
    sent += `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`;
  }
  return sent;
}

it('sends the same bytes in two runs', async () => {
  const first = await run();
  expect(await run()).toBe(first);
  expect(first).toContain('there is no reply 4: the list has 3');
});

it('gives every request, message and tool call a unique id', async () => {
  const sent = await run();
  const IDS: [prefix: string, count: number][] = [
    ['req_01', 4],
    ['msg_01', 2],
    ['toolu_01', 3],
  ];
  for (const [prefix, count] of IDS) {
    const ids = new Set(sent.match(new RegExp(`"${prefix}[0-9]{22}"`, 'g')));
    expect([prefix, ids.size]).toEqual([prefix, count]);
  }
});

it('signs the same thinking with the same signature, other thinking with another', async () => {
  const toSignature = async (thinking: string): Promise<string> => {
    const emulator = createEmulator({ replies: [reply.thinking(thinking)] });
    return (await (await ask(emulator, { stream: false })).json()).content[0].signature;
  };
  expect(await toSignature('So.')).toBe(await toSignature('So.'));
  expect(await toSignature('So.')).not.toBe(await toSignature('So!'));
});
