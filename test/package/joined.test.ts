import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = `${root}dist/`;

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.replaceAll('\\', '/'));

/** The standard output of a module that is run beside package.json, where `millrace` is the build. */
async function printed(code: string, conditions: readonly string[] = []): Promise<string> {
  const args = [...conditions.map((it) => `--conditions=${it}`), '--input-type=module', '-e', code];
  return (await promisify(execFile)(process.execPath, args, { cwd: root })).stdout;
}

it('has each file once, whatever entries are loaded: there is one class of each error', () => {
  const joined = filesOf(`${dist}node/`).flatMap((file) =>
    [...readFileSync(`${dist}node/${file}`, 'utf8').matchAll(/^\/\/ dist\/(.+)$/gm)].map(
      ([, part]) => part,
    ),
  );
  expect(joined.length).toBeGreaterThan(100);
  expect(joined.filter((part, at) => joined.indexOf(part) !== at)).toEqual([]);
});

it('holds the transport of Node, and asks no condition for one', () => {
  const texts = filesOf(`${dist}node/`).map((file) => readFileSync(`${dist}node/${file}`, 'utf8'));
  expect(texts.filter((text) => text.includes('// dist/transport/node.js'))).toHaveLength(1);
  expect(texts.filter((text) => text.includes('#transport'))).toHaveLength(0);
});

const LAYOUTS = [
  ['joined, as Node takes it', 'dist/node/', []],
  ['separate, as bundlers take it', 'dist/', ['module']],
  ['separate, as Deno takes it', 'dist/', ['deno']],
  ['separate, as Bun takes it', 'dist/', ['bun']],
] as const;

it.each(LAYOUTS)(
  '%s: entries are in one folder, and share their classes',
  async (_, folder, as) => {
    const code = `
    import { AnthropicError } from 'millrace';
    import { SyncAnthropic } from 'millrace/sync';
    import 'millrace/testing';
    for (const name of ['millrace', 'millrace/sync', 'millrace/testing']) {
      console.log(import.meta.resolve(name).slice(${new URL('../../', import.meta.url).href.length}));
    }
    // The system's code comes from the worker: it was found beside the entry.
    const client = new SyncAnthropic({ apiKey: 'key', baseURL: 'http://127.0.0.1:1', maxRetries: 0 });
    try {
      client.messages.create({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'Hi' }] });
    } catch (error) {
      console.log(error instanceof AnthropicError, error.constructor.name, error.cause?.code);
    }`;
    expect((await printed(code, as)).trimEnd().split('\n')).toEqual([
      `${folder}index.js`,
      `${folder}sync/index.js`,
      `${folder}testing/index.js`,
      'true APIConnectionError ECONNREFUSED',
    ]);
  },
);
