import { expect, it } from 'vitest';
import { redactRecording } from '../../src/testing/index.js';

const KEY = 'sk-ant-api03-canary';
const TOKEN = 'canary-token-of-8';

const lines = (...values: object[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');
const request = (headers: object, body: object = {}): object => ({
  request: { method: 'POST', path: '/v1/messages', headers, body },
});

it('removes secret headers, and what they hold anywhere else, from an exchange', () => {
  const recording = lines(
    request({ authorization: `Bearer ${TOKEN}`, accept: '*/*' }, { system: `is it ${TOKEN}?` }),
    { response: { status: 200, headers: { 'set-cookie': 'a=b', 'request-id': 'req_1' } } },
    { at: 1, text: `data: {"text":"canary-to` },
    { at: 2, text: `ken-of-8, ${KEY}"}\n\n` },
    { at: 3, weather: { note: TOKEN } },
    { at: 4, end: 'complete' },
  );
  const redacted = redactRecording(recording);
  expect(redacted).not.toMatch(/canary|a=b|authorization|set-cookie/);
  expect(redacted).toMatch(/"accept":"\*\/\*".*\n.*"request-id":"req_1"/);
  expect(redacted.split('\n')).toHaveLength(7);
});

it('leaves a recording without secrets as it is, to the byte', () => {
  const recording = `${lines(request({ accept: '*/*' }))}{"at":1,  "text":"data: x"}\n{"at":2,"en`;
  expect(redactRecording(recording)).toBe(recording);
});

it.each([
  ['one that is not over', `${lines(request({ 'x-api-key': KEY }))}{"at":1,"text":"${KEY}`],
  ['events', lines({ type: 'ping', note: KEY })],
  ['the bytes of an event stream', `data: {"text":"${KEY}"}\n\n`],
])('removes keys from %s', (_, recording) => {
  expect(redactRecording(recording)).not.toMatch(/canary/);
});
