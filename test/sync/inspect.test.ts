import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { PARAMS, setting } from './support.js';

it('console.log shows how far a blocking stream is, and no key', () => {
  using made = setting('message', { apiKey: 'sk-ant-secret' });
  const { client } = made;
  const stream = client.messages.stream(PARAMS);
  expect(inspect(stream)).toBe('SyncMessageStream {"state":"idle"}');
  const raw = client.messages.create({ ...PARAMS, stream: true });
  expect(inspect(raw)).toMatch(/^SyncStream {"state":"streaming"/);
  raw.close();
  expect(inspect(raw)).toMatch(/^SyncStream {"state":"failed"/);
  expect(inspect(client, { showHidden: true, depth: 9 })).not.toContain('sk-ant-secret');
});
