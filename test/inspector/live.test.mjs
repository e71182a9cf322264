/* `millrace inspect`: what it serves and to whom, and calls as they happen. */
import assert from 'node:assert/strict';
import { appendFileSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createEmulator, fault, parseFaults, reply, serve } from '../../dist/testing.js';
import { launch, program } from './browser.mjs';
import { folderOf, inspect } from './command.mjs';
import { stalled } from './samples.mjs';

const skip = program === undefined && !process.env.CI && 'there is no Chromium';

describe('the server of the page', { timeout: 60_000 }, () => {
  let command;
  before(async () => {
    command = await inspect(folderOf({ '0001.jsonl': stalled() }));
  });
  after(() => command.stop());

  const statusOf = (path, headers = {}, method = 'GET') =>
    new Promise((resolve, reject) => {
      const sent = request(new URL(path, command.url), { method, headers }, (response) => {
        response.destroy();
        resolve(response.statusCode);
      });
      sent.on('error', reject).end();
    });

  it('answers only who has its token and names its address', async () => {
    const { search, port } = new URL(command.url);
    assert.equal(await statusOf(`/${search}`), 200);
    assert.equal(await statusOf(`/events${search}`), 200);
    assert.equal(await statusOf(`/${search}`, { host: `localhost:${port}` }), 200);
    assert.equal(await statusOf(`/${search}`, { host: `evil.example:${port}` }), 421);
    assert.equal(await statusOf('/'), 403);
    assert.equal(await statusOf('/events?token=x'), 403);
    assert.equal(await statusOf(`/${search}x`), 403);
    assert.equal(await statusOf(`/../0001.jsonl${search}`), 404);
    assert.equal(await statusOf(`/${search}`, {}, 'POST'), 405);
  });
});

describe('live', { skip, timeout: 240_000 }, () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  async function show(...args) {
    const command = await inspect(...args);
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(command.url);
    return { command, page, close: () => Promise.all([page.close(), command.stop()]) };
  }

  it('shows what is added to a folder', async () => {
    const [first, ...rest] = stalled().split(/(?<=\n)/);
    const dir = folderOf({ '0001.jsonl': first });
    const { page, close } = await show(dir);
    await page.locator('.diagnosis', { hasText: 'Waiting for a response' }).waitFor();
    for (const line of rest.slice(0, 30)) appendFileSync(join(dir, '0001.jsonl'), line);
    await page
      .locator('.diagnosis', { hasText: 'First token after 2.2 s; no end so far' })
      .waitFor();
    appendFileSync(join(dir, '0001.jsonl'), rest.slice(30).join(''));
    appendFileSync(join(dir, '0002.jsonl'), stalled());
    await page.locator('.diagnosis', { hasText: 'StreamTruncatedError' }).waitFor();
    await page.getByRole('button', { name: '0002.jsonl' }).waitFor();
    await close();
  });

  it('shows what passes its proxy, each event as it arrives, 20 streams at a time', async () => {
    const story = reply.text('The water runs down the race and turns the wheel.');
    const stall = reply.faulty(story, fault.stall({ event: 8 }));
    const upstream = await serve(createEmulator({ replies: () => stall }));
    const { page, command, close } = await show('--upstream', upstream.url, '--port', '0');
    const leave = new AbortController();
    const ask = (number) =>
      fetch(`${command.proxy}/v1/messages`, {
        method: 'POST',
        signal: leave.signal,
        headers: {
          'x-api-key': 'sk-ant-api03-canary',
          'anthropic-version': '2023-06-01',
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          ...{ model: 'claude-opus-4-8', max_tokens: 99, stream: true },
          messages: [{ role: 'user', content: `${number} sk-ant-api03-canary` }],
        }),
      });
    const responses = await Promise.all(Array.from({ length: 20 }, (_, number) => ask(number)));
    await page.locator('.list tbody button').nth(7).waitFor();
    await page.getByText('First token after').waitFor();
    assert.match(await page.locator('.diagnosis').textContent(), /no end so far/);
    await page.getByRole('tab', { name: 'Request' }).click();
    assert.doesNotMatch(await page.content(), /canary/);
    const bodies = responses.map((response) => response.text().catch(() => {}));
    leave.abort();
    await Promise.all(bodies);
    await page.locator('.diagnosis', { hasText: 'the client left' }).waitFor();
    await close();
    assert.equal(readdirSync(command.dir).length, 20);
    await upstream.close();
  });

  it('shows a server that does not answer', async () => {
    const { page, command, close } = await show('--upstream', 'http://127.0.0.1:9', '--port', '0');
    await page.getByText('Waiting for the first request').waitFor();
    await (await fetch(`${command.proxy}/v1/messages`, { method: 'POST', body: '{}' })).text();
    await page
      .locator('.diagnosis', { hasText: 'No response; ended by APIConnectionError' })
      .waitFor();
    await close();
  });

  it('opens 200 faults of the emulator, and says of each how it ended', async () => {
    const plan = parseFaults('random=20');
    let number = 0;
    const emulator = createEmulator({
      replies: () => reply.text('A mill race carries water along the bank.'),
      faults: () => plan(++number),
    });
    const upstream = await serve(emulator);
    const { page, command, close } = await show('--upstream', upstream.url, '--port', '0');
    const headers = {
      'x-api-key': 'test',
      'anthropic-version': '2023-06-01',
      'content-type': 'application/json',
    };
    const body = JSON.stringify({
      model: 'claude-opus-4-8',
      max_tokens: 99,
      stream: true,
      messages: [{ role: 'user', content: 'How?' }],
    });
    for (let at = 0; at < 200; at++) {
      const response = await fetch(`${command.proxy}/v1/messages`, {
        method: 'POST',
        headers,
        body,
      });
      await response.text().catch(() => {});
    }
    const endings = new Set();
    for (let at = 0; at < 200; at++) {
      const said = await page.locator('.diagnosis').textContent();
      const outcome = await page.locator('.list tr.is-selected .outcome').textContent();
      assert.match(
        said,
        outcome === 'complete' ? /complete/i : new RegExp(`ended by ${outcome}: `),
      );
      endings.add(outcome);
      const file = await page.locator('.list tr.is-selected .file').textContent();
      if (at === 199) break;
      await page.keyboard.press('j');
      await page.locator('.list tr.is-selected .file', { hasNotText: file }).waitFor();
    }
    assert.ok(endings.size > 4, [...endings].join());
    await close();
    await upstream.close();
  });
});
