import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';
import * as millrace from '../../src/index.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** The standard output of a module that runs beside package.json, where `millrace` is the build. */
async function printed(code: string, conditions: readonly string[] = []): Promise<string> {
  const args = [...conditions.map((it) => `--conditions=${it}`), '--input-type=module', '-e', code];
  return (await promisify(execFile)(process.execPath, args, { cwd: root })).stdout;
}

it('the build has the code of each source file once', () => {
  const files = readdirSync(`${root}dist`, { recursive: true, encoding: 'utf8' });
  const sources = files
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [
      ...readFileSync(`${root}dist/${file}`, 'utf8').matchAll(/^\/\/ (src\/.+)$/gm),
    ])
    .map(([, source]) => source);
  expect(sources.length).toBeGreaterThan(100);
  expect(sources.filter((source, at) => sources.indexOf(source) !== at)).toEqual([]);
});

it.each([
  'node',
  'module',
  'module-sync',
  'browser',
  'worker',
  'workerd',
  'deno',
  'bun',
  'edge-light',
  'react-native',
  'react-server',
  'development',
  'production',
])('the condition %s resolves each entry to the same file', async (condition) => {
  const names = Object.keys(manifest.exports).map((entry) => `millrace${entry.slice(1)}`);
  expect(names).toContain('millrace');
  const code = `for (const name of ${JSON.stringify(names)}) console.log(import.meta.resolve(name));`;
  expect(await printed(code, [condition])).toBe(await printed(code));
});

it('only the transport depends on a condition', () => {
  const conditions = (tree: unknown): string[] =>
    typeof tree === 'string'
      ? []
      : Object.entries(tree as object).flatMap(([key, value]) => [key, ...conditions(value)]);
  const used = conditions(manifest.exports).filter((key) => !key.startsWith('.'));
  // What `require` leads to is a facade, see below.
  expect([...new Set(used)].sort()).toEqual(['default', 'require', 'types']);
  expect(Object.keys(manifest.imports)).toEqual(['#transport']);
});

/** Prints which of the ways to the package lead to the same classes. */
const COMPARE = `
import * as millrace from 'millrace';
import * as small from 'millrace/read';
import { SyncAnthropic } from 'millrace/sync';
import { createEmulator } from 'millrace/testing';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const required = require('millrace');
console.log(required === millrace.Anthropic, required === millrace.default);
console.log(require('millrace/sync').SyncAnthropic === SyncAnthropic);
console.log(require('millrace/testing').createEmulator === createEmulator);
console.log(Object.keys(small).every((name) => name === 'read' || small[name] === millrace[name]));
console.log(new required.RateLimitError('') instanceof millrace.APIError);
console.log(new millrace.RateLimitError('') instanceof required.AnthropicError);
const params = { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'Hi' }] };
// The system's code comes from the worker: it was found beside the entry.
const blocking = new SyncAnthropic({ apiKey: 'key', baseURL: 'http://127.0.0.1:1', maxRetries: 0 });
try {
  blocking.messages.create(params);
} catch (error) {
  console.log(error instanceof millrace.APIConnectionError, error instanceof required.APIConnectionError);
  console.log(error.name, error.cause?.code);
}
`;

it.each([[[]], [['module']], [['browser']], [['worker']], [['deno']], [['bun']]])(
  'import, require and the entries share their classes, with the conditions %j',
  async (conditions) => {
    const lines = (await printed(COMPARE, conditions)).trimEnd().split('\n');
    expect(lines).toEqual([
      'true true',
      'true',
      'true',
      'true',
      'true',
      'true',
      'true true',
      'APIConnectionError ECONNREFUSED',
    ]);
  },
);

it.each(['node', 'browser'] as const)(
  'a bundle for %s has one copy, whether it is imported or required',
  async (platform) => {
    const entry = `${root}entry.js`;
    const code = `
      import { Anthropic, RateLimitError } from 'millrace';
      import * as required from './required.cjs';
      export default required.default === Anthropic && new required.default.RateLimitError('') instanceof RateLimitError;`;
    const texts: Record<string, string> = {
      [entry]: code,
      [`${root}required.cjs`]: `module.exports = require('millrace');`,
    };
    const bundle = await rolldown({
      input: entry,
      platform,
      tsconfig: false,
      plugins: [
        {
          name: 'texts',
          resolveId: (id) =>
            [entry, `${root}required.cjs`].find((it) => it.endsWith(id.replace(/^\./, ''))) ?? null,
          load: (id) => texts[id] ?? null,
        },
      ],
    });
    const { output } = await bundle.generate({ codeSplitting: false });
    const { code: bundled } = output[0];
    const { default: isSame } = await import(`data:text/javascript,${encodeURIComponent(bundled)}`);
    expect(isSame).toBe(true);
    expect(bundled.match(/return "AnthropicError"/g)).toHaveLength(1);
  },
);

it('errors of a second copy, such as a bundled one, are instances of the same classes', async () => {
  const read = async (): Promise<typeof import('../../src/index.js')> => {
    const bundle = await rolldown({ input: `${root}dist/index.js`, tsconfig: false });
    const { output } = await bundle.generate({ codeSplitting: false });
    // A comment of its own, or it would be the same module.
    const code = `${output[0].code}\n// ${Math.random()}`;
    return import(`data:text/javascript,${encodeURIComponent(code)}`);
  };
  const [one, other] = [await read(), await read()];
  expect(one.AnthropicError).not.toBe(other.AnthropicError);
  class Mine extends one.APIError {}
  class Named extends one.APIError {
    override get name(): string {
      return 'Named';
    }
  }
  const limit = new other.RateLimitError('');
  const classes = { ...one, Mine, Named };
  const matching = Object.entries(classes).filter(
    ([, it]) => /Error$|Mine|Named/.test(String(it.name)) && limit instanceof (it as typeof Mine),
  );
  expect(matching.map(([name]) => name).sort()).toEqual([
    'APIError',
    'APIStatusError',
    'AnthropicError',
    'RateLimitError',
  ]);
  expect(new Mine('') instanceof other.APIError).toBe(true);
  expect(new Mine('') instanceof Mine && new Mine('') instanceof one.AnthropicError).toBe(true);
  expect(new Named('') instanceof other.APIError).toBe(true);
});

it('nothing else is an instance', () => {
  class Foreign extends Error {
    readonly #name = 'x';
    override get name(): string {
      return this.#name;
    }
  }
  class APIError extends Error {
    override get name(): string {
      return 'APIError';
    }
  }
  for (const value of [new Foreign(), new APIError(), new DOMException(), {}, null, 'APIError', 1])
    expect(value instanceof millrace.APIError || value instanceof millrace.AnthropicError).toBe(
      false,
    );
});
