/* The web example in Chromium: both pages, over its server, with the emulator behind it. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createEmulator, fault, reply, serve } from '../../dist/testing.js';
import { findChromium } from '../support/find-program.mjs';
import { buildWeb } from './build.mjs';
import { launch } from './run-page.mjs';

/** Most of it waits for things that must happen. */
const TIMED = { timeout: 30_000 };
const chromium = findChromium();
const skip = chromium === undefined && !process.env.CI && 'there is no Chromium';

it('the React sources are sound', () => {
  const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
  execFileSync(process.execPath, [path('../../node_modules/typescript/bin/tsc'), '-p', path('.')], {
    stdio: 'inherit',
  });
});

describe('the web example', { skip }, () => {
  let browser;
  let program;
  before(async () => {
    program = await buildWeb();
    browser = await launch(chromium);
  });
  after(() => browser?.close());

  for (const path of ['/', '/react.html']) {
    describe(path, () => {
      let replies;
      let emulator;
      let api;
      let server;
      let page;
      beforeEach(async () => {
        replies = [];
        emulator = createEmulator({ apiKey: 'secret', replies: () => replies.shift() });
        api = await serve(emulator);
        server = await start(program, api.url);
        page = await browser.newPage();
        page.setDefaultTimeout(10_000);
        page.on('pageerror', (error) => assert.fail(error));
        await page.goto(server.url + path);
      });
      afterEach(async () => {
        await page.close();
        server.stop();
        await api.close();
      });

      const button = (name) => page.getByRole('button', { name });
      const ask = async (question) => {
        await page.getByRole('textbox').fill(question);
        await button('Send').click();
      };
      const said = (text) => page.locator('[data-who=Claude]', { hasText: text }).waitFor();
      const alerted = (text) => page.getByRole('alert').filter({ hasText: text }).waitFor();
      const free = () => page.locator('button:enabled', { hasText: 'Send' }).waitFor();
      const stalled = () =>
        reply.faulty(reply.text('Once upon a time there was a mill.'), fault.stall({ event: 5 }));

      it(
        'shows text before the answer is whole; Stop ends the request of the server',
        TIMED,
        async () => {
          replies.push(stalled(), reply.text('And then?'));
          await ask('Tell me a story');
          await said('Once upon');
          const request = emulator.requests.at(-1);
          assert.equal(request.ending, 'open');
          await button('Stop').click();
          assert.equal(await request.ended, 'left');
          await free();
          assert.equal(await page.getByRole('alert').textContent(), '');

          await ask('Go on');
          await said('And then?');
          // What came before the stop is part of the conversation.
          const { messages } = emulator.requests.at(-1).body;
          assert.deepEqual(
            messages.map(({ role }) => role),
            ['user', 'assistant', 'user'],
          );
          assert.match(messages[1].content[0].text, /^Once upon/);
        },
      );

      it('shows an error, and keeps what came before', TIMED, async () => {
        replies.push(reply.sequence(reply.text('Once upon a time'), reply.error(529)));
        await ask('Tell me a story');
        await alerted('overloaded_error');
        await said('Once upon a time');
        await free();
      });

      it('shows an error that came instead of an answer, and asks again', TIMED, async () => {
        replies.push(reply.error(400, 'nothing of that'), reply.text('Once upon a time'));
        await ask('Tell me a story');
        await alerted('nothing of that');
        await free();
        await ask('Please');
        await said('Once upon a time');
        await free();
        assert.equal(await page.getByRole('alert').textContent(), '');
      });

      it('closes the request when it is reloaded, and works again', TIMED, async () => {
        replies.push(stalled(), reply.text('The mill stood still.'));
        await ask('Tell me a story');
        await said('Once upon');
        await page.reload();
        assert.equal(await emulator.requests.at(-1).ended, 'left');
        await ask('Tell me another one');
        await said('The mill stood still.');
      });

      it('never sees the key, and asks no server but its own', TIMED, async () => {
        const seen = [];
        page.on('request', (request) => seen.push(request));
        replies.push(reply.text('Once upon a time'));
        await page.reload();
        await ask('Tell me a story');
        await said('Once upon a time');
        for (const request of seen) {
          assert.ok(request.url().startsWith(server.url), request.url());
          const response = await request.response();
          const texts = [JSON.stringify(await request.allHeaders()), await response.text()];
          assert.ok(!texts.some((text) => text.includes('secret')));
        }
        assert.equal(emulator.requests[0].headers.authorization, 'Bearer secret');
      });
    });
  }
});

/** The server of the example, as a program of its own. */
async function start(program, ANTHROPIC_BASE_URL) {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ANTHROPIC_BASE_URL, ANTHROPIC_API_KEY: 'secret', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(createInterface({ input: child.stdout }), 'line');
  return { url, stop: () => child.kill() };
}
