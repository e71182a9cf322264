import puppeteer from 'puppeteer-core';
import { pageOf, serveParts } from './run-page.mjs';

/** The same page in Firefox, which Playwright can drive in builds of its own only. */
export async function runInFirefox(executablePath, addresses, report) {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    protocolTimeout: 0,
    // So that the page can collect garbage.
    extraPrefsFirefox: { 'dom.testing.testutils.enabled': true },
  });
  const parts = await serveParts();
  try {
    const page = await browser.newPage();
    const failed = new Promise((_, reject) => page.once('pageerror', reject));
    await page.setRequestInterception(true);
    page.on('request', (request) =>
      request.url().endsWith('/suite.html')
        ? request.respond({ contentType: 'text/html', body: pageOf(parts.url) })
        : request.continue(),
    );
    await page.exposeFunction('report', report);
    await page.goto(`${addresses.contract}/suite.html`);
    await page.setRequestInterception(false);
    page.removeAllListeners('request');
    await Promise.race([page.evaluate((servers) => runSuite(servers), addresses), failed]);
  } finally {
    await browser.close();
    parts.close();
  }
}
