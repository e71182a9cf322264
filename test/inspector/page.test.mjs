/* The page, with recordings inside, in Chromium. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { launch, program } from './browser.mjs';
import { pageWith } from './command.mjs';
import { large, retried, Sample, searched, stalled } from './samples.mjs';

const skip = program === undefined && !process.env.CI && 'there is no Chromium';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

it('takes at most 60 kB, gzipped', () => {
  const page = readFileSync(new URL('../../dist/inspector.html', import.meta.url));
  assert.ok(gzipSync(page, { level: 9 }).length <= 60_000);
});

describe('the page', { skip }, () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /** Opens a page; anything that it logs or asks for is a failure. */
  async function open(files, options = {}) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const problems = [];
    page.on('pageerror', (error) => problems.push(error.stack));
    page.on('console', (message) => problems.push(message.text()));
    page.on('request', (request) => problems.push(request.url()));
    await page.goto(pageWith(files));
    await page.locator('.diagnosis').waitFor();
    return { page, problems: () => problems.slice(1) };
  }
  const diagnosis = (page) => page.locator('.diagnosis').textContent();
  const at = (page, event) => page.locator(`[role=slider][aria-valuenow="${event}"]`);
  const message = (page) => page.getByRole('region', { name: 'Message at the cursor' });

  it('says what happened, and asks for nothing', async () => {
    const { page, problems } = await open({ 'a.jsonl': stalled() });
    assert.match(await diagnosis(page), /one stall of 31 s after block 1 \(text\) while 3 pings/);
    assert.deepEqual(problems(), []);
    await page.close();
  });

  it('lists calls and runs, and is moved through with keys', async () => {
    const { page } = await open({ ...retried(), 'z.jsonl': stalled() });
    assert.equal(await page.locator('.list tbody button').count(), 3);
    assert.match(
      await page.locator('.list .run').textContent(),
      /2 turns · 1 tool call · 15 s · complete/,
    );
    await page.keyboard.press('j');
    await page.locator('.diagnosis', { hasText: '2 retries' }).waitFor();
    await page.keyboard.press('k');
    await page.locator('.diagnosis', { hasText: 'one stall' }).waitFor();
    await page.close();
  });

  it('shows its keys', async () => {
    const { page } = await open({ 'a.jsonl': stalled() });
    const help = page.getByRole('dialog', { name: 'Keys' });
    await page.keyboard.press('?');
    await help.getByText('previous and next event').waitFor();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    await page.close();
  });

  it('shows the message as of the cursor, with the tool input so far', async () => {
    const { page } = await open({ 'a.jsonl': searched() });
    const slider = page.getByRole('slider');
    const count = Number(await slider.getAttribute('aria-valuemax'));
    await page.keyboard.press('Home');
    await message(page).getByText('No content yet.').waitFor();
    await page.keyboard.press('End');
    await message(page).getByText('"tail race"').waitFor();
    for (let step = 0; step < 6; step++) await page.keyboard.press('ArrowLeft');
    await at(page, count - 6).waitFor();
    assert.doesNotMatch(await message(page).textContent(), /tail race"/);
    assert.match(await message(page).textContent(), /open\s*\{\s*"title": "A mill race"/);
    // A click in the middle of the lanes goes to that moment.
    const box = await slider.boundingBox();
    await page.mouse.click(box.x + box.width / 2, box.y + 60);
    // The page shows it with its next frame.
    await page.locator(`[role=slider]:not([aria-valuenow="${count - 6}"])`).waitFor();
    const now = Number(await slider.getAttribute('aria-valuenow'));
    assert.ok(now > 0 && now < count - 6, `event ${now} of ${count}`);
    await page.close();
  });

  it('shows a long message at its end, where it grows', async () => {
    const sample = new Sample().head().start().text_(0, 'water '.repeat(6_000), 1);
    const { page } = await open({ 'a.jsonl': sample.text_(1, 'the end', 1).stop().end().text });
    const block = message(page).locator('.block').first();
    const isShown = () =>
      message(page).evaluate((pane) => {
        const end = pane.querySelector('.block:last-child').getBoundingClientRect().bottom;
        const { top, bottom } = pane.querySelector('.scroll').getBoundingClientRect();
        return end > top && end <= bottom;
      });
    await block.getByText('… 16,002 characters before').waitFor();
    assert.equal(await isShown(), true);
    for (let step = 0; step < 3; step++) await page.keyboard.press('Shift+ArrowLeft');
    await block.getByText(/^… 15,\d{3} characters before/).waitFor();
    assert.equal(await isShown(), true);
    await page.close();
  });

  it('zooms and shows all again', async () => {
    const { page } = await open({ 'a.jsonl': stalled() });
    const all = page.getByRole('button', { name: 'All', exact: true });
    assert.ok(await all.isDisabled());
    await page.keyboard.press('+');
    await page.locator('button:enabled', { hasText: 'All' }).waitFor();
    await page.keyboard.press('0');
    await page.locator('button:disabled', { hasText: 'All' }).waitFor();
    await page.close();
  });

  it('keeps its drawing while the cursor moves, and draws it again for another view, size or theme', async () => {
    const { page } = await open({ 'a.jsonl': stalled() });
    const drawing = () => page.locator('canvas').evaluate((canvas) => canvas.toDataURL());
    const cursor = () => page.locator('.mark.is-cursor').getAttribute('style');
    const all = await drawing();
    const place = await cursor();
    for (let step = 0; step < 4; step++) await page.keyboard.press('Shift+ArrowLeft');
    await page.waitForFunction(
      (place) => document.querySelector('.mark.is-cursor').getAttribute('style') !== place,
      place,
    );
    assert.equal(await drawing(), all);
    const changes = {
      zoom: () => page.keyboard.press('+'),
      all: () => page.keyboard.press('0'),
      theme: () => page.keyboard.press('t'),
      size: () => page.setViewportSize({ width: 900, height: 900 }),
    };
    let before = all;
    for (const [name, change] of Object.entries(changes)) {
      await change();
      await page.waitForFunction(
        (before) => document.querySelector('canvas').toDataURL() !== before,
        before,
      );
      before = await drawing();
      if (name === 'all') assert.equal(before, all);
    }
    await page.close();
  });

  it('copies a curl command and a fixture', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page } = await open({ 'a.jsonl': stalled() }, { permissions });
    const copied = async (name) => {
      const button = page.locator('.copy').nth(name === 'curl' ? 0 : 1);
      await button.click();
      await button.filter({ hasText: 'Copied' }).waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    assert.match(
      await copied('curl'),
      /^curl -N ".*\/v1\/messages" \\\n {2}-H "x-api-key: \$ANTHROPIC_API_KEY"/,
    );
    assert.match(
      await copied('fixture'),
      /^import \{ createEmulator, reply \} from 'millrace\/testing';/,
    );
    await page.close();
  });

  it('saves a trace for Perfetto', async () => {
    const { page } = await open(retried());
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export trace' }).click(),
    ]);
    const { traceEvents } = JSON.parse(readFileSync(await download.path(), 'utf8'));
    assert.ok(traceEvents.some(({ name, ph }) => name === 'get_weather' && ph === 'X'));
    await page.close();
  });

  it('opens files that are dropped on it', async () => {
    const { page } = await open({ 'a.jsonl': searched() });
    const text = stalled().replace(
      '"headers":{',
      '"headers":{"x-api-key":"sk-ant-api03-dropped-secret",',
    );
    await page.evaluate((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], 'dropped.jsonl'));
      dispatchEvent(new DragEvent('drop', { dataTransfer: data }));
    }, text);
    await page.getByRole('button', { name: 'dropped.jsonl' }).click();
    await page.locator('.diagnosis', { hasText: 'one stall' }).waitFor();
    await page.getByRole('tab', { name: 'Request' }).click();
    assert.doesNotMatch(await page.content(), /dropped-secret/);
    await page.close();
  });

  it('shows what others wrote as text', async () => {
    const attack = '</script><img src=x onerror="window.hit=1"><script>window.hit=1</script>';
    const sample = new Sample({
      body: { system: attack, model: attack },
      headers: { 'x-note': attack },
    });
    sample.head(200, { 'request-id': attack }).start().text_(0, `${attack} `, 5);
    sample
      .tool(1, attack, { [attack]: attack })
      .note('tool', { id: 'a', name: attack, ms: 5, isError: true });
    sample.event('error', { error: { type: attack, message: attack } }).end();
    const { page, problems } = await open({
      [`${attack.replaceAll('/', '')}.jsonl`]: sample.text,
      'b.jsonl': stalled(),
    });
    for (const tab of ['Bytes', 'Request', 'Result', 'Events']) {
      await page.getByRole('tab', { name: tab }).click();
    }
    assert.match(await message(page).textContent(), /<img src=x onerror=/);
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.equal(await page.locator('img').count(), 0);
    assert.deepEqual(problems(), []);
    await page.close();
  });

  it('lets no script in that is not its own', async () => {
    const { page } = await open({ 'a.jsonl': stalled() });
    const run = await page.evaluate(async () => {
      const script = document.createElement('script');
      try {
        script.textContent = 'window.hit = 1';
        document.body.append(script);
      } catch {}
      const isRefused = await fetch('https://example.com/').then(
        () => false,
        () => true,
      );
      return { hit: window.hit, isRefused };
    });
    assert.deepEqual(run, { hit: undefined, isRefused: true });
    await page.close();
  });

  for (const colorScheme of ['dark', 'light']) {
    it(`has no serious accessibility problem, ${colorScheme}`, async () => {
      const { page } = await open(
        { ...retried(), 'z.jsonl': stalled() },
        { colorScheme, bypassCSP: true },
      );
      for (const tab of ['Bytes', 'Request', 'Result', 'Events']) {
        await page.getByRole('tab', { name: tab }).click();
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run());
        const serious = violations.filter(
          ({ impact }) => impact === 'serious' || impact === 'critical',
        );
        const found = serious.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
        );
        assert.deepEqual(found, [], tab);
      }
      await page.close();
    });
  }

  for (const width of [390, 820, 1600]) {
    it(`fits a page of ${width} pixels, and stays as it is while it is used`, async () => {
      const { page } = await open(
        { ...retried(), 'z.jsonl': stalled() },
        { viewport: { width, height: 900 } },
      );
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${overflow} pixels too wide`);
      const places = () =>
        page.evaluate(() =>
          [...document.querySelectorAll('.lanes, .pane, .summary')].map((element) => {
            const { top, left, width, height } = element.getBoundingClientRect();
            return [top + scrollY, left, width, height];
          }),
        );
      const before = await places();
      for (let step = 0; step < 40; step++) await page.keyboard.press('ArrowLeft');
      await page.getByRole('tab', { name: 'Bytes' }).click();
      assert.deepEqual(await places(), before);
      await page.close();
    });
  }

  it('opens 50,000 events of 10 MB', async () => {
    const { page } = await open({ 'large.jsonl': large() });
    assert.match(await diagnosis(page), /^First token after 700 ms; complete after 51 s/);
    await page.keyboard.press('Home');
    await at(page, 0).waitFor();
    assert.ok((await page.locator('.rows li').count()) < 100);
    await page.close();
  });
});
