/*
 * How fast the page is: opening 50,000 events of 10 MB, moving the cursor through them, and showing live events of
 * 20 streams. Its figures are in docs/inspector.md. Run it on a machine that does nothing else.
 */
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { launch } from './browser.mjs';
import { folderOf, inspect, pageWith } from './command.mjs';
import { large, Sample } from './samples.mjs';

const STREAMS = 20;
const EVERY_MS = 20;

/** Runs in the page: the frame after the first diagnosis is on the screen. */
function watchOpening() {
  const look = () => {
    if (document.querySelector('.diagnosis') === null) return requestAnimationFrame(look);
    requestAnimationFrame(() => {
      window.openedAfter = performance.now();
    });
  };
  requestAnimationFrame(look);
}

async function measureOpening(browser) {
  const url = pageWith({ 'large.jsonl': large() });
  const times = [];
  for (let round = 0; round < 9; round++) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.addInitScript(watchOpening);
    await page.goto(url);
    await page.waitForFunction(() => window.openedAfter !== undefined);
    times.push(await page.evaluate(() => window.openedAfter));
    await page.close();
  }
  return times;
}

/** Runs in the page: drags the cursor over the lanes, one move for each frame, there and back. */
async function drag(frames) {
  const lanes = document.querySelector('[role=slider]');
  const { left, top, width } = lanes.getBoundingClientRect();
  const send = (type, x) =>
    lanes.dispatchEvent(
      new PointerEvent(type, { clientX: x, clientY: top + 60, buttons: 1, pointerId: 1 }),
    );
  lanes.setPointerCapture = () => {};
  const frame = () => new Promise(requestAnimationFrame);
  send('pointerdown', left + 100);
  const times = [];
  let before = await frame();
  for (let number = 0; number < frames; number++) {
    const part = Math.abs((((number / frames) * 4) % 2) - 1);
    send('pointermove', left + 100 + (width - 120) * part);
    await frame();
    const now = performance.now();
    times.push(now - before);
    before = now;
  }
  return times;
}

async function measureScrubbing(browser) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(pageWith({ 'large.jsonl': large() }));
  await page.locator('.diagnosis').waitFor();
  await page.evaluate(drag, 60);
  const times = await page.evaluate(drag, 400);
  await page.close();
  return times;
}

/** Runs in the page: for each event of the message, how long after it was sent the frame with it was drawn. */
function watchStamps() {
  let last = 0;
  window.delays = [];
  const look = () => {
    const text = document.querySelector('.message .scroll')?.textContent.slice(-4_000) ?? '';
    const stamps = Array.from(text.matchAll(/<(\d+)>/g), ([, stamp]) => Number(stamp));
    const fresh = stamps.filter((stamp) => stamp > last);
    last = stamps.at(-1) ?? last;
    const channel = new MessageChannel();
    // The message arrives when the frame is drawn.
    channel.port1.onmessage = () => {
      const now = Date.now();
      window.delays.push(...fresh.map((stamp) => now - stamp));
    };
    channel.port2.postMessage(null);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Writes events to so many streams, each with the time at which it is sent. */
async function sendStamps(write, seconds) {
  const end = Date.now() + seconds * 1_000;
  while (Date.now() < end) {
    for (let stream = 0; stream < STREAMS; stream++) write(stream, stamped(`<${Date.now()}> `));
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

const stamped = (text) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text },
});

async function watchLive(browser, command, start) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(command.url);
  const write = await start();
  await page.locator('.list tbody button').nth(8).waitFor();
  await page.evaluate(watchStamps);
  await sendStamps(write, 15);
  const delays = await page.evaluate(() => window.delays);
  await page.close();
  await command.stop();
  return delays;
}

/** What passes a proxy, from the server's write to the frame. */
async function measureProxy(browser) {
  const streams = [];
  const upstream = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const { type, ...fields } of OPENING) response.write(toBytes({ type, ...fields }));
    streams.push(response);
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const url = `http://127.0.0.1:${upstream.address().port}`;
  const command = await inspect('--upstream', url, '--port', '0');
  const delays = await watchLive(browser, command, async () => {
    await Promise.all(Array.from({ length: STREAMS }, () => ask(command.proxy)));
    return (stream, event) => streams[stream].write(toBytes(event));
  });
  upstream.closeAllConnections();
  upstream.close();
  return delays;
}

const toBytes = (event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

const OPENING = [
  { type: 'message_start', message: messageOf() },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
];

function messageOf() {
  const usage = { input_tokens: 9, output_tokens: 1 };
  return {
    ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-opus-4-8' },
    ...{ content: [], stop_reason: null, stop_sequence: null, usage },
  };
}

async function ask(proxy) {
  const body = { model: 'claude-opus-4-8', max_tokens: 99, stream: true, messages: [] };
  const response = await fetch(`${proxy}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  // Read to its end, which is that of the measurement.
  response.text().catch(() => {});
}

/** What a program adds to the files of a folder, from its write to the frame. */
async function measureFolder(browser) {
  const dir = folderOf({});
  const command = await inspect(dir);
  const begin = Date.now();
  const line = (event) => `${JSON.stringify({ at: Date.now() - begin, text: toBytes(event) })}\n`;
  const nameOf = (stream) => join(dir, `${String(stream).padStart(4, '0')}.jsonl`);
  return watchLive(browser, command, async () => {
    for (let stream = 0; stream < STREAMS; stream++) {
      const opening = OPENING.map(line).join('');
      appendFileSync(nameOf(stream), new Sample().head().text + opening);
    }
    return (stream, event) => appendFileSync(nameOf(stream), line(event));
  });
}

function row(name, times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  const figures = [at(0.5), at(0.95), sorted.at(-1)].map((ms) => `${Math.round(ms * 10) / 10}`);
  process.stdout.write(`| ${name} | ${figures.join(' | ')} | ${sorted.length} |\n`);
}

const MEASURES = {
  'open 50,000 events, 10 MB': [measureOpening],
  'a frame while the cursor moves through them': [measureScrubbing, '--disable-frame-rate-limit'],
  'a live event, 20 streams through the proxy': [measureProxy],
  'a live event, 20 files of a folder': [measureFolder],
};

const [only = ''] = process.argv.slice(2);
process.stdout.write('| in ms | median | 95 % | worst | of |\n|---|---|---|---|---|\n');
for (const [name, [measure, ...flags]] of Object.entries(MEASURES)) {
  if (!name.includes(only)) continue;
  const browser = await launch(flags);
  row(name, await measure(browser));
  await browser.close();
}
