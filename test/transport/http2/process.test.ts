import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { createEmulator, reply, serve } from '../../../src/testing/index.js';
import { PARAMS } from '../../testing/ask.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-'));

const entry = (name: string): string => new URL(`../../../dist/${name}.js`, import.meta.url).href;

/** Programs that read an answer and do nothing to end. */
const PROGRAMS: Readonly<Record<string, [program: string, printed: string]>> = {
  Anthropic: [
    `import { Anthropic } from '${entry('index')}';
     console.log(await new Anthropic(options).messages.stream(params).getFinalText());`,
    'Hello\n',
  ],
  SyncAnthropic: [
    `import { SyncAnthropic } from '${entry('sync')}';
     console.log(new SyncAnthropic(options).messages.stream(params).getFinalText());`,
    'Hello\n',
  ],
  'a program with a worker': [
    `import { isMainThread, Worker } from 'node:worker_threads';
     import { Anthropic } from '${entry('index')}';
     console.log(await new Anthropic(options).messages.stream(params).getFinalText());
     if (isMainThread) new Worker(new URL(import.meta.url));`,
    'Hello\nHello\n',
  ],
};

it.each(Object.entries(PROGRAMS))('%s ends with its last answer', async (name, [code, printed]) => {
  const emulator = createEmulator({ replies: () => reply.text('Hello') });
  await using server = await serve(emulator, { tls: true });
  const options = { apiKey: 'key', baseURL: server.url, tls: { ca: server.cert } };
  const file = join(folder, `${name}.mjs`);
  const constants = Object.entries({ options, params: PARAMS }).map(
    ([constant, value]) => `const ${constant} = ${JSON.stringify(value)};`,
  );
  writeFileSync(file, [...constants, code].join('\n'));
  const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 20_000 });
  expect(stdout).toBe(printed);
  // HTTP/2 has no host header.
  expect(emulator.requests.filter(({ headers }) => 'host' in headers)).toEqual([]);
});
