import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';

const CODE = `
import { SyncAnthropic } from ${JSON.stringify(fileURLToPath(new URL('../../dist/sync.js', import.meta.url)))};
console.log('loaded');
const { messages } = new SyncAnthropic({ apiKey: 'key', baseURL: 'http://127.0.0.1:1' });
try {
  messages.create({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'Hi' }] });
} catch (error) {
  console.log(error.name, error.message);
}`;

// What esbuild makes of `import.meta` in CommonJS, and what bundlers do that know where the bundle is.
it.each<[what: string, define: Record<string, string>, why: string]>([
  [
    'without import.meta',
    { 'import.meta.url': 'undefined' },
    'this bundle does not know where it is',
  ],
  ['in CommonJS', {}, 'worker.js is missing'],
])('a bundle %s loads, and its first request says what to configure', async (_, define, why) => {
  const entry = 'entry.mjs';
  const bundle = await rolldown({
    input: entry,
    platform: 'node',
    tsconfig: false,
    transform: { define },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? CODE : null),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'cjs', codeSplitting: false });
  const file = join(await mkdtemp(join(tmpdir(), 'bundled-')), 'out.cjs');
  await writeFile(file, output[0].code);
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  const [loaded, error] = stdout.trim().split('\n');
  expect(loaded).toBe('loaded');
  expect(error).toMatch(/^AnthropicError the worker of 'millrace\/sync' can't be loaded: /);
  expect(error).toContain(why);
  expect(error).toContain("serverExternalPackages: ['millrace']");
});
