import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { chromium } from 'playwright-core';
import { built } from './build.mjs';

/** The page of the suite. Its icon is none, so that the browser does not ask the contract server for one. */
export const pageOf = (parts) => `<!doctype html>
<link rel="icon" href="data:,">
<script type="module" src="${parts}/page.js"></script>`;

/** Runs the suite in a page of the contract server's origin; the emulator is of another one. */
export async function runInPage(program, addresses, report) {
  const browser = await launch(program);
  const parts = await serveParts();
  try {
    // A page that was not really loaded from loopback needs leave to ask it.
    const page = await browser.newPage({ permissions: ['local-network-access'] });
    const failed = new Promise((_, reject) => page.once('pageerror', reject));
    await page.route('**/suite.html', (route) =>
      route.fulfill({ contentType: 'text/html', body: pageOf(parts.url) }),
    );
    await page.exposeFunction('report', report);
    await page.goto(`${addresses.contract}/suite.html`);
    // Where anything is intercepted, preflights are answered by the interceptor.
    await page.unrouteAll();
    await Promise.race([page.evaluate((servers) => runSuite(servers), addresses), failed]);
  } finally {
    await browser.close();
    parts.close();
  }
}

/** The page's code. Some of it the browser asks for in the middle of the suite, at the first need. */
export async function serveParts() {
  const headers = { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' };
  const server = createServer(({ url }, response) => {
    readFile(join(built, 'page', basename(url))).then(
      (part) => response.writeHead(200, headers).end(part),
      () => response.writeHead(404).end(),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** Headless; a sandbox cannot be had as root, and the pages are our own. */
export function launch(executablePath) {
  const memory = ['--js-flags=--expose-gc', '--enable-precise-memory-info'];
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...memory] });
}
