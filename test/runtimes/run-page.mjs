import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { built } from './build.mjs';

/** Its icon is none, so that the browser does not ask the contract server for one. */
const PAGE = `<!doctype html>
<link rel="icon" href="data:,">
<script type="module" src="/page.mjs"></script>`;

/** Runs the suite in a page of the contract server's origin; the emulator is of another one. */
export async function runInPage(program, addresses, report) {
  const browser = await launch(program);
  try {
    // A page that was not really loaded from loopback needs leave to ask it.
    const page = await browser.newPage({ permissions: ['local-network-access'] });
    const failed = new Promise((_, reject) => page.once('pageerror', reject));
    await page.route('**/suite.html', (route) =>
      route.fulfill({ contentType: 'text/html', body: PAGE }),
    );
    await page.route('**/page.mjs', (route) => route.fulfill({ path: join(built, 'page.mjs') }));
    await page.exposeFunction('report', report);
    await page.goto(`${addresses.contract}/suite.html`);
    // Where anything is intercepted, preflights are answered by the interceptor.
    await page.unrouteAll();
    await Promise.race([page.evaluate((servers) => runSuite(servers), addresses), failed]);
  } finally {
    await browser.close();
  }
}

/** Headless; a sandbox cannot be had as root, and the pages are our own. */
export function launch(executablePath) {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
