/*
 * Clients that others wrote, unchanged, through `millrace relay`, with faults of the API: each gets the whole answer.
 * Acceptance test 11 of the relay.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Anthropic from '@anthropic-ai/sdk';
import { ChatAnthropic } from '@langchain/anthropic';
import { createEmulator, parseFaults, reply, serve } from '../../dist/testing.js';

const MODEL = 'claude-opus-4-8';
// Without a repeat, which a recovery could take for one of its seam.
const TEXT = Array.from({ length: 60 }, (_, n) => `word${n}`).join(' ');
const MESSAGES = [{ role: 'user', content: 'Hi' }];
const FAULTS = ['cut@text', 'stall@text', 'reset@text', 'error=overloaded_error@text'];
const COMMAND = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

let faults = [];
let isFirst = true;
let api;
let gateway;
let url;

before(async () => {
  const emulator = createEmulator({
    replies: () => reply.text(TEXT),
    faults: () => {
      const list = isFirst ? faults : [];
      isFirst = false;
      return list;
    },
  });
  api = await serve(emulator);
  const args = [
    'relay',
    '--port',
    '0',
    '--upstream',
    api.url,
    '--recover',
    '--timeout',
    'idle=200ms',
  ];
  gateway = spawn(process.execPath, [COMMAND, ...args]);
  const [line] = await once(gateway.stdout, 'data');
  url = /listening on (\S+)/.exec(String(line))[1];
});

beforeEach(() => {
  isFirst = true;
});

after(async () => {
  gateway.kill('SIGINT');
  await api.close();
});

for (const spec of FAULTS) {
  describe(spec, () => {
    beforeEach(() => {
      faults = parseFaults(spec);
    });

    it('@anthropic-ai/sdk', async () => {
      const client = new Anthropic({ baseURL: url, apiKey: 'test', maxRetries: 0 });
      const stream = client.messages.stream({ model: MODEL, max_tokens: 500, messages: MESSAGES });
      const { content, stop_reason } = await stream.finalMessage();
      assert.deepEqual(
        content.map(({ text }) => text),
        [TEXT],
      );
      assert.equal(stop_reason, 'end_turn');
    });

    it('LangChain JS', async () => {
      const model = new ChatAnthropic({
        model: MODEL,
        apiKey: 'test',
        maxTokens: 500,
        maxRetries: 0,
        anthropicApiUrl: url,
      });
      let text = '';
      for await (const chunk of await model.stream('Hi')) text += chunk.text;
      assert.equal(text, TEXT);
    });

    it('curl', async () => {
      const body = JSON.stringify({
        model: MODEL,
        max_tokens: 500,
        messages: MESSAGES,
        stream: true,
      });
      const headers = ['-H', 'x-api-key: test', '-H', 'anthropic-version: 2023-06-01'];
      const args = ['-sN', `${url}/v1/messages`, ...headers, '-d', body];
      const { stdout } = await promisify(execFile)('curl', args);
      const events = [...stdout.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data));
      assert.equal(events.map(({ delta }) => delta?.text ?? '').join(''), TEXT);
      for (const type of ['message_start', 'message_stop']) {
        assert.equal(events.filter((event) => event.type === type).length, 1);
      }
    });
  });
}
