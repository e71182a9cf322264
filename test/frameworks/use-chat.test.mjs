/* `useChat` of the AI SDK in Chromium, over a server with millrace: text, a tool with approval, error, stop, reload. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { json } from 'node:stream/consumers';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Anthropic, tool } from 'millrace';
import {
  pipeUIMessageStreamToResponse,
  toMessageParams,
  toUIMessageStreamResponse,
} from 'millrace/ai-sdk';
import { createEmulator, fault, reply } from 'millrace/testing';
import { chromium } from 'playwright-core';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const CHROMIUM = '/usr/bin/chromium';
const skip = !existsSync(CHROMIUM) && !process.env.CI && `there is no ${CHROMIUM}`;
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

const weather = tool({
  name: 'get_weather',
  input: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  run: ({ city }) => `Sunny in ${city}`,
});

const replies = [];
const emulator = createEmulator({ replies: () => replies.shift() });
const client = new Anthropic({ apiKey: 'test', maxRetries: 0, fetch: emulator.fetch });
/** The run that the page is shown. */
let runner;

/** What a server does for `useChat`. */
const ROUTES = {
  'POST /api/chat': async (request, response) => {
    const { messages } = await json(request);
    const params = {
      model: 'claude-opus-4-8',
      max_tokens: 1024,
      messages: toMessageParams(messages),
      tools: [weather],
    };
    runner = client.messages.toolRunner(params, { approve: 'ask' });
    const mine = runner;
    const over = () => {
      if (runner === mine) runner = undefined;
    };
    runner.on('end', over).on('error', over);
    await pipeUIMessageStreamToResponse(runner, response, { onDisconnect: 'continue' });
  },
  'GET /api/chat/one/stream': async (_, response) => {
    if (runner !== undefined) return pipeUIMessageStreamToResponse(runner, response);
    response.writeHead(toUIMessageStreamResponse(undefined).status).end();
  },
  'POST /api/decide': async (request, response) => {
    const { id, verdict } = await json(request);
    response.writeHead(runner?.decide(id, verdict) ? 204 : 404).end();
  },
  'POST /api/stop': async (_, response) => {
    runner?.close();
    response.writeHead(204).end();
  },
};

function serveFile(request, response) {
  const file = path(`./use-chat/dist${request.url === '/' ? '/index.html' : request.url}`);
  if (!existsSync(file)) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
  response.end(readFileSync(file));
}

describe('useChat in Chromium', { skip }, () => {
  let browser;
  let server;
  let page;
  before(async () => {
    const vite = path('./node_modules/vite/bin/vite.js');
    execFileSync(process.execPath, [vite, 'build'], { cwd: path('./use-chat'), stdio: 'pipe' });
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
    server = createServer((request, response) => {
      const route = ROUTES[`${request.method} ${request.url}`];
      if (route === undefined) serveFile(request, response);
      else void route(request, response);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    await browser?.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(async () => {
    runner = undefined;
    page = await browser.newPage();
    page.on('pageerror', (error) => assert.fail(error));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
  });
  afterEach(() => page.close());

  const button = (name) => page.getByRole('button', { name });
  const ask = async (...answers) => {
    replies.splice(0, Infinity, ...answers);
    await page.getByRole('textbox').fill('Hello');
    await button('Send').click();
  };
  const shown = (text) => page.locator('[data-role=assistant]', { hasText: text }).waitFor();
  const status = (name) => page.locator(`main[data-status=${name}]`).waitFor();
  const picture = async (name) => {
    const { MILLRACE_PICTURES: folder } = process.env;
    if (folder) await page.screenshot({ path: `${folder}/use-chat-${name}.png` });
  };
  const stalled = () =>
    reply.faulty(reply.text('Once upon a time there was a mill.'), fault.stall({ event: 5 }));

  it('a text', async () => {
    await ask(reply.text('Once upon a time.'));
    await shown('Once upon a time.');
    await status('ready');
    await picture('text');
  });

  for (const [name, verdict, result] of [
    ['allowed', 'Allow', 'Sunny in Oslo'],
    ['denied', 'Deny', 'Denied'],
  ]) {
    it(`a tool call with approval, ${name}`, async () => {
      await ask(
        reply.sequence(reply.text('I look.'), reply.toolUse('get_weather', { city: 'Oslo' })),
        reply.text('Done.'),
      );
      await button(verdict).waitFor();
      await picture('asked');
      await button(verdict).click();
      await shown(result);
      await shown('Done.');
      await status('ready');
      await picture(name);
    });
  }

  it('an error, after what came before it', async () => {
    await ask(reply.sequence(reply.text('Once upon'), reply.error(529)));
    await page.getByRole('alert').filter({ hasText: 'verloaded' }).waitFor();
    await shown('Once upon');
    await status('error');
    await picture('error');
  });

  it('stop ends the request to the API, and the chat goes on', async () => {
    await ask(stalled());
    await shown('Once upon');
    const request = emulator.requests.at(-1);
    await button('Stop').click();
    assert.equal(await request.ended, 'left');
    await status('ready');
    await ask(reply.text('Second.'));
    await shown('Second.');
  });

  it('a reload in the middle of an answer goes on with it', async () => {
    await ask(
      reply.sequence(reply.text('I look.'), reply.toolUse('get_weather', { city: 'Oslo' })),
      reply.text('Done.'),
    );
    await button('Allow').waitFor();
    await page.reload();
    await shown('I look.');
    await button('Allow').click();
    await shown('Sunny in Oslo');
    await shown('Done.');
    await status('ready');
    await picture('reloaded');
  });
});
