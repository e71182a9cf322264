/*
 * The follow example in Chromium: an answer survives a reload, a network that is gone, a frozen tab and a server that
 * is killed, and many tabs need one connection. Acceptance test 8 of the relay.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { createEmulator, reply, serve } from '../../dist/testing.js';
import { findChromium } from '../support/find-program.mjs';
import { buildFollow } from './build.mjs';
import { hasNginx, startNginx } from './nginx.mjs';
import { launch } from './run-page.mjs';

const TIMED = { timeout: 60_000 };
const TEXT = Array.from({ length: 60 }, (_, n) => `word${n}`).join(' ');
const chromium = findChromium();
const skip = chromium === undefined && !process.env.CI && 'there is no Chromium';

describe('the follow example', { skip }, () => {
  let browser;
  let program;
  let context;
  let emulator;
  let api;
  let dir;
  let answer;
  const servers = [];

  before(async () => {
    program = await buildFollow();
    browser = await launch(chromium);
  });
  after(() => browser?.close());
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'millrace-follow-'));
    answer = reply.text(TEXT);
    emulator = createEmulator({ replies: () => answer, pace: { tokensPerSecond: 25 } });
    api = await serve(emulator);
    context = await browser.newContext();
  });
  afterEach(async () => {
    await context.close();
    for (const server of servers.splice(0)) await server.stop();
    await api.close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function startServer() {
    const child = spawn(process.execPath, [program], {
      env: {
        ...process.env,
        ...{ PORT: '0', ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: api.url },
        ...{ RELAY_DIR: dir, LEASE: '1000' },
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = await once(createInterface({ input: child.stdout }), 'line');
    const stop = async (signal = 'SIGKILL') => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    };
    const server = { url, stop };
    servers.push(server);
    return server;
  }

  async function open(url) {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => assert.fail(error));
    await page.goto(url);
    return page;
  }

  async function ask(url) {
    const page = await open(url);
    await page.getByRole('textbox').fill('Tell me a story');
    await page.getByRole('button', { name: 'Ask' }).click();
    await page.locator('main', { hasText: 'word5' }).waitFor();
    return page;
  }

  const done = (page) => page.getByRole('status').filter({ hasText: 'complete' }).waitFor();
  const isWhole = async (page) => {
    await done(page);
    assert.equal(await page.locator('main').textContent(), TEXT);
  };

  it('survives a reload', TIMED, async () => {
    const page = await ask((await startServer()).url);
    await page.reload();
    await page.locator('main', { hasText: 'word5' }).waitFor();
    await isWhole(page);
    assert.equal(emulator.requests.length, 1);
  });

  it('survives a network that is gone for a while', TIMED, async () => {
    const page = await ask((await startServer()).url);
    await context.setOffline(true);
    // What is open stays open in Chromium: a reload would fail, a new connection too.
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await context.setOffline(false);
    await isWhole(page);
    assert.equal(emulator.requests.length, 1);
  });

  it('survives a frozen tab', TIMED, async () => {
    const page = await ask((await startServer()).url);
    const session = await context.newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await isWhole(page);
  });

  it('is stopped from the page', TIMED, async () => {
    const page = await ask((await startServer()).url);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('status').filter({ hasText: 'stopped' }).waitFor();
    assert.equal(await emulator.requests[0].ended, 'left');
  });

  it('ends an EventSource with 204', TIMED, async () => {
    const { url } = await startServer();
    const page = await ask(url);
    const seen = await page.evaluate(
      (path) =>
        new Promise((resolve) => {
          const source = new EventSource(path);
          let text = '';
          source.addEventListener('content_block_delta', ({ data }) => {
            text += JSON.parse(data).delta.text;
          });
          source.onerror = () => {
            if (source.readyState === EventSource.CLOSED) resolve(text);
          };
        }),
      `/answers/${new URL(page.url()).hash.slice(1)}`,
    );
    assert.equal(seen, TEXT);
  });

  it(
    'needs one connection for many tabs, and goes on when the one that has it is closed',
    TIMED,
    async () => {
      // Long enough for all tabs to open.
      answer = reply.paced(answer, { tokensPerSecond: 6 });
      const first = await ask((await startServer()).url);
      const followed = [];
      const count = (page) =>
        page.on('request', (request) => {
          if (request.url().includes('/answers/')) followed.push(page);
        });
      const others = [];
      for (let n = 0; n < 8; n++) {
        const page = await context.newPage();
        page.setDefaultTimeout(20_000);
        count(page);
        await page.goto(first.url());
        others.push(page);
      }
      await Promise.all(others.map((page) => page.locator('main', { hasText: 'word5' }).waitFor()));
      assert.equal(followed.length, 0);
      await first.close();
      await Promise.all(others.map(isWhole));
      assert.equal(followed.length, 1);
    },
  );

  const withNginx = { ...TIMED, skip: !hasNginx() && 'there is no nginx' };

  it('survives a server that is killed, behind nginx', withNginx, async (test) => {
    const [first, second] = [await startServer(), await startServer()];
    const nginx = await startNginx([first.url, second.url]);
    try {
      const asked = await fetch(`${first.url}/ask`, { method: 'POST', body: 'Tell me a story' });
      const page = await open(`${nginx.url}/#${await asked.text()}`);
      await page.locator('main', { hasText: 'word9' }).waitFor();
      await first.stop('SIGKILL');
      test.diagnostic(`killed at: ${await page.locator('main').textContent()}`);
      await isWhole(page);
      test.diagnostic(`the page shows: ${await page.locator('main').textContent()}`);
      const rest = emulator.requests.at(-1).body.messages.map(({ role }) => role);
      test.diagnostic(`${emulator.requests.length} requests; the last asks for the rest: ${rest}`);
      assert.equal(emulator.requests.length, 2);
    } finally {
      await nginx.stop();
    }
  });

  it('passes 90 s of silence of the API through nginx', {
    timeout: 150_000,
    skip: !process.env.CI && 'takes 90 s',
  }, async () => {
    const slow = createEmulator({
      replies: () => reply.text('Late.'),
      pace: { firstToken: 90_000 },
    });
    await api.close();
    api = await serve(slow);
    const nginx = await startNginx([(await startServer()).url], '20s');
    try {
      const page = await open(nginx.url);
      await page.getByRole('textbox').fill('Think');
      await page.getByRole('button', { name: 'Ask' }).click();
      await page.locator('main', { hasText: 'Late.' }).waitFor({ timeout: 120_000 });
      await done(page);
    } finally {
      await nginx.stop();
    }
  });
});
