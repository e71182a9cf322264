/* The packed package in frameworks: built, served, and shown in Chromium; servers through nginx. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serve as serveHono } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { Anthropic, MessageStream } from 'millrace';
import { createEmulator, reply, serve } from 'millrace/testing';
import { chromium } from 'playwright-core';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const CHROMIUM = '/usr/bin/chromium';
const NGINX = '/usr/sbin/nginx';
const STORY = 'Once upon a time there was a mill.';
/** A missing program is a failure in CI, and a notice elsewhere. */
const without = (file) => !existsSync(file) && !process.env.CI && `there is no ${file}`;

let api;
let client;
before(async () => {
  api = await serve(createEmulator({ replies: () => reply.text(STORY) }));
  client = new Anthropic({ apiKey: 'test', baseURL: api.url });
});
after(() => api.close());
const stream = (messages = [{ role: 'user', content: 'Hi' }]) =>
  client.messages.stream({ model: 'claude-opus-4-8', max_tokens: 1024, messages });

const listen = async (server) => {
  if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address();
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
};

/** Each: a server with `POST /chat`. */
const SERVERS = {
  express: () => {
    const app = express();
    app.post('/chat', (_, response) => stream().pipeTo(response));
    return listen(createServer(app));
  },
  fastify: async () => {
    const app = fastify();
    app.post('/chat', async (_, answer) => {
      answer.hijack();
      await stream().pipeTo(answer.raw);
    });
    await app.ready();
    return listen(app.server);
  },
  hono: () => {
    const app = new Hono();
    app.post('/chat', () => stream().toResponse());
    return listen(serveHono({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }));
  },
};

describe('behind nginx, with its defaults', { skip: without(NGINX) }, () => {
  for (const [name, open] of Object.entries(SERVERS)) {
    it(name, async () => {
      const server = await open();
      const folder = mkdtempSync(join(tmpdir(), 'millrace-nginx-'));
      const socket = createServer();
      const proxy = await listen(socket);
      await proxy.close();
      const config = `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {}
        http { access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder};
          fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
          server { listen ${new URL(proxy.url).host}; location / { proxy_pass ${server.url}; } } }`;
      writeFileSync(join(folder, 'nginx.conf'), config);
      const nginx = spawn(NGINX, ['-c', join(folder, 'nginx.conf'), '-e', `${folder}/error.log`]);
      try {
        const received = MessageStream.from(await untilServed(`${proxy.url}/chat`));
        assert.equal(await received.getFinalText(), STORY);
      } finally {
        nginx.kill();
        await once(nginx, 'exit');
        await server.close();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});

/** The response, once the server listens. */
async function untilServed(url, init = { method: 'POST' }) {
  for (;;) {
    try {
      return await fetch(url, init);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

describe('in Chromium', { skip: without(CHROMIUM) }, () => {
  let browser;
  before(async () => {
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
  });
  after(() => browser?.close());

  /** What a page shows after a click. */
  async function shows(url) {
    const page = await browser.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(url);
    await page.getByRole('button').click();
    const output = page.locator('output[data-status=ready]', { hasText: 'mill' });
    await output.waitFor({ timeout: 15_000 }).catch(async () => {
      const shown = await page.locator('body').innerHTML();
      assert.fail(`${shown}, ${errors.join()}`);
    });
    const text = await output.textContent();
    await page.close();
    assert.deepEqual(errors, []);
    return text;
  }

  it('Next.js, App Router, built by Turbopack', { timeout: 240_000 }, async () => {
    const next = path('./node_modules/next/dist/bin/next');
    const options = { cwd: path('./next'), env: environment() };
    rmSync(path('./next/.next'), { recursive: true, force: true });
    execFileSync(process.execPath, [next, 'build'], { ...options, stdio: 'pipe' });
    const started = spawn(process.execPath, [next, 'start', '-H', '127.0.0.1', '-p', '0'], options);
    try {
      let printed = '';
      const url = await new Promise((resolve, reject) => {
        started.stdout.setEncoding('utf8').on('data', (text) => {
          printed += text;
          const found = /http:\/\/127\.0\.0\.1:\d+/.exec(printed);
          if (found && /Ready/.test(printed)) resolve(found[0]);
        });
        started.on('exit', () => reject(new Error(printed)));
      });
      assert.match(await shows(url), /Once upon a time there was a mill\./);
    } finally {
      started.kill();
    }
  });

  it('Vite', { timeout: 120_000 }, async () => {
    const vite = path('./node_modules/vite/bin/vite.js');
    execFileSync(process.execPath, [vite, 'build'], { cwd: path('./vite'), stdio: 'pipe' });
    const types = { '.html': 'text/html', '.js': 'text/javascript' };
    const server = await listen(
      createServer(async (request, response) => {
        if (request.url === '/chat') return void (await stream().pipeTo(response));
        const file = request.url === '/' ? '/index.html' : request.url;
        const type = types[extname(file)] ?? 'application/octet-stream';
        if (!existsSync(path(`./vite/dist${file}`))) return void response.writeHead(404).end();
        response.writeHead(200, { 'content-type': type });
        response.end(readFileSync(path(`./vite/dist${file}`)));
      }),
    );
    assert.match(await shows(server.url), /Once upon a time there was a mill\./);
    await server.close();
  });
});

function environment() {
  return {
    ...process.env,
    ANTHROPIC_API_KEY: 'test',
    ANTHROPIC_BASE_URL: api.url,
    NEXT_TELEMETRY_DISABLED: '1',
  };
}
