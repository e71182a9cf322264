import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { messageStart, sse } from '../contract/wire.js';
import { listenerCount } from '../support/listener-count.js';
import { rawServer } from '../support/raw-server.js';
import { clientOf, PARAMS } from './support.js';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

it('a raw stream that is dropped in the middle lets go of its connection and its signal', async () => {
  await using server = await rawServer({ body: [sse(messageStart())], end: 'hang' });
  const { signal } = new AbortController();
  const begin = async (): Promise<void> => {
    const stream = await clientOf(server).messages.create({ ...PARAMS, stream: true }, { signal });
    expect(stream.response.status).toBe(200);
    expect(listenerCount(signal)).toBeGreaterThan(0);
  };
  await begin();
  const { left } = await server.exchange();
  let isLeft = false;
  void left.then(() => {
    isLeft = true;
  });
  for (let i = 0; i < 100 && !isLeft; i++) {
    gc();
    await turn();
  }
  expect(isLeft).toBe(true);
  expect(listenerCount(signal)).toBe(0);
});

it('create({ stream: true }) resolves with the response, whatever events follow', async () => {
  await using server = await rawServer({ body: [sse(messageStart())], end: 'hang' });
  await using stream = await clientOf(server).messages.create({ ...PARAMS, stream: true });
  expect(stream.response.status).toBe(200);
});
