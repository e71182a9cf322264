/* The chat example in Chromium, started as its readers start it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createEmulator, fault, reply, serve } from '../../dist/testing.js';
import { findChromium } from '../support/find-program.mjs';
import { launch } from './run-page.mjs';

const TIMED = { timeout: 30_000 };
const PROGRAM = fileURLToPath(new URL('../../examples/chat/server.mjs', import.meta.url));
const STORY = Array.from({ length: 60 }, (_, n) => `word${n}`).join(' ');
const chromium = findChromium();
const skip = chromium === undefined && !process.env.CI && 'there is no Chromium';

describe('the chat example', { skip }, () => {
  let browser;
  let api;
  let emulator;
  let replies;
  let server;
  let context;
  let page;
  before(async () => {
    browser = await launch(chromium);
  });
  after(() => browser?.close());
  beforeEach(async () => {
    replies = [];
    emulator = createEmulator({ replies: () => replies.shift() });
    api = await serve(emulator);
    context = await browser.newContext();
  });
  afterEach(async () => {
    await context.close();
    const ended = once(server, 'exit');
    server.kill();
    await ended;
    await api.close();
  });

  async function start(env = { ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: api.url }) {
    server = spawn(process.execPath, [PROGRAM], {
      env: { PATH: process.env.PATH, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = await once(createInterface({ input: server.stdout }), 'line');
    page = await open(url);
  }

  async function open(url) {
    const opened = await context.newPage();
    opened.setDefaultTimeout(15_000);
    opened.on('pageerror', (error) => assert.fail(error));
    await opened.goto(url);
    await opened.locator('main[data-status=ready], [role=log] .question').first().waitFor();
    return opened;
  }

  const button = (name, where = page) => where.getByRole('button', { name });
  const ask = async (text, ...answers) => {
    replies.push(...answers);
    await page.getByRole('textbox').fill(text);
    await page.keyboard.press('Enter');
  };
  const answered = (text, where = page) => where.locator('.answer', { hasText: text }).waitFor();
  const ready = (where = page) => where.locator('main[data-status=ready]').waitFor();
  const slow = () => reply.paced(reply.text(STORY), { tokensPerSecond: 60 });
  const weather = () => reply.toolUse('get_weather', { city: 'Oslo' });

  it('answers without a key', TIMED, async () => {
    await start({});
    await button('Plan a calm day').click();
    await page.getByRole('heading', { name: 'Morning' }).waitFor();
    await page.locator('.answer li strong, .answer li em').first().waitFor();
  });

  it('Shift-Enter begins a line; text of a model never becomes HTML', TIMED, async () => {
    await start();
    replies.push(reply.text('<img src=x onerror=alert(1)> [no](javascript:alert(1)) **yes**'));
    await page.getByRole('textbox').pressSequentially('one');
    await page.keyboard.press('Shift+Enter');
    await page.getByRole('textbox').pressSequentially('two');
    await page.keyboard.press('Enter');
    await answered('<img src=x onerror=alert(1)> [no](javascript:alert(1)) yes');
    assert.equal(await page.locator('.answer :is(img, a)').count(), 0);
    assert.equal(emulator.requests[0].body.messages[0].content, 'one\ntwo');
  });

  for (const [verdict, result] of [
    ['Approve', 'Oslo: 14 °C'],
    ['Deny', 'denied'],
  ]) {
    it(`${verdict} a call, and go on with what it gave`, TIMED, async () => {
      await start();
      await ask('Umbrella?', weather(), reply.text('Done.'), reply.text('Again.'));
      await page.reload();
      await button(verdict).click();
      await answered('Done.');
      await ready();
      await page.locator('.call', { hasText: new RegExp(result, 'i') }).waitFor();
      await ask('And now?');
      await answered('Again.');
      assert.deepEqual(
        emulator.requests.at(-1).body.messages.map(({ role }) => role),
        ['user', 'assistant', 'user', 'assistant', 'user'],
      );
    });
  }

  it('Stop ends the request to the API, in every tab; Regenerate asks again', TIMED, async () => {
    await start();
    const stalled = reply.faulty(reply.text('Once upon a time.'), fault.stall({ event: 5 }));
    await ask('A story', stalled, reply.text('Whole.'));
    await answered('Once');
    const second = await open(page.url());
    await answered('Once', second);
    await button('Stop').click();
    assert.equal(await emulator.requests[0].ended, 'left');
    await Promise.all([ready(), ready(second)]);
    assert.equal(await second.getByRole('alert').count(), 0);
    await button('Regenerate').click();
    await Promise.all([answered('Whole.'), answered('Whole.', second)]);
    assert.equal(emulator.requests[1].body.messages.length, 1);
  });

  it('a reload and a second tab go on with the answer', TIMED, async () => {
    await start();
    await ask('A story', slow());
    await answered('word5');
    const second = await open(page.url());
    await page.reload();
    for (const tab of [page, second]) {
      await answered(STORY, tab);
      await ready(tab);
      assert.equal(await tab.locator('.question, .answer').count(), 2);
    }
    assert.equal(emulator.requests.length, 1);
    await page.reload();
    await answered(STORY);
  });

  it('shows an error after what came before it, and retries', TIMED, async () => {
    await start();
    const broken = reply.sequence(reply.text('Once upon'), reply.error('overloaded_error'));
    await ask('A story', broken, reply.text('Whole.'));
    await page.getByRole('alert').filter({ hasText: 'Overloaded' }).waitFor();
    await answered('Once upon');
    await button('Retry').click();
    await answered('Whole.');
    assert.equal(await page.getByRole('alert').count(), 0);
  });

  it('sends nothing before it is known what was said', TIMED, async () => {
    await start();
    await ask('One', reply.text('First.'));
    await answered('First.');
    await ready();
    let load;
    const loading = new Promise((resolve) => {
      load = resolve;
    });
    await page.route('**/chats/*', (route) => loading.then(() => route.continue()));
    await page.reload({ waitUntil: 'domcontentloaded' });
    await ask('Two', reply.text('Second.'));
    assert.equal(await button('Send').isDisabled(), true);
    load();
    await ready();
    assert.equal(await page.getByRole('textbox').inputValue(), 'Two');
    await button('Send').click();
    await answered('Second.');
    assert.equal(emulator.requests[1].body.messages.length, 3);
  });

  it('fits a phone, and is dark where the system is', TIMED, async () => {
    await start();
    await ask(
      'A story',
      reply.text(`${'wide'.repeat(99)}\n\n\`\`\`\n${'wide'.repeat(99)}\n\`\`\``),
    );
    await answered('wide');
    await ready();
    await page.setViewportSize({ width: 390, height: 760 });
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(await paper(), 'rgb(252, 251, 249)');
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.equal(await paper(), 'rgb(25, 24, 23)');
  });
});
