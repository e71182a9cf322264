/* What people search for leads to the page about it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openSite, skip } from './browser.mjs';

/** A query, and the page that must be among the first results. */
const FOUND = {
  resume: '/docs/relay',
  history: '/docs/conversations',
  logging: '/docs/logging',
  express: '/docs/web',
  image: '/docs/content',
  cache: '/docs/content',
  'stop button': '/docs/interruption',
  bedrock: '/docs/proxies',
  vertex: '/docs/proxies',
  cost: '/docs/content',
  retry: '/docs/timeouts-and-retries',
  pdf: '/docs/content',
};
const FIRST = 3;

describe('the search', { skip }, () => {
  const opened = openSite();

  for (const [query, path] of Object.entries(FOUND)) {
    it(`finds ${path} with '${query}'`, async () => {
      const page = await opened.browser.newPage();
      await page.goto(opened.site.url, { waitUntil: 'networkidle' });
      await page.keyboard.press('Control+k');
      await page.locator('#localsearch-input').fill(query);
      await page.locator('.VPLocalSearchBox .result').first().waitFor();
      const links = await page
        .locator('.VPLocalSearchBox a.result')
        .evaluateAll((results) => results.map((result) => new URL(result.href).pathname));
      const first = [...new Set(links)].slice(0, FIRST);
      assert.ok(first.includes(path), `first are ${first.join(', ')}`);
      await page.close();
    });
  }
});
