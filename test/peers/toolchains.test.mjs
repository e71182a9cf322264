/*
 * Jest, webpack and Metro with the package as npm packs it: what they make of it streams from the emulator.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Metro from 'metro';
import webpack from 'webpack';
import { createEmulator, reply, serve } from '../../dist/testing.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const { resolve } = createRequire(import.meta.url);

const USE = `
const client = new Anthropic({ apiKey: 'test', baseURL: process.env.API, dangerouslyAllowBrowser: true });
const params = { model: 'claude-opus-4-8', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] };
const ask = async () => {
  let text = '';
  for await (const delta of client.messages.stream(params).textStream) text += delta;
  return text;
};
`;
const ANSWER = 'It rains in San José. 🌧';
const PROGRAM = `import Anthropic from 'millrace';
${USE}
ask().then((text) => console.log(text));
`;

let folder;
let server;
let env;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'toolchains-'));
  await mkdir(join(folder, 'node_modules'));
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  await run('tar', ['-xzf', join(folder, 'millrace-0.1.0.tgz'), '-C', folder]);
  await rename(join(folder, 'package'), join(folder, 'node_modules/millrace'));
  await put('package.json', '{}');
  await put('program.js', PROGRAM);
  server = await serve(createEmulator({ replies: () => reply.text(ANSWER) }));
  env = { ...process.env, API: server.url, NODE_OPTIONS: '' };
});

after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const put = (name, text) => writeFile(join(folder, name), text);

/** What a program writes. */
const outputOf = async (file) => (await run(process.execPath, [file], { env })).stdout.trim();

describe('Jest', () => {
  const TRANSLATED = {
    transformIgnorePatterns: ['/node_modules/(?!millrace/)'],
    transform: {
      '\\.js$': [
        resolve('babel-jest'),
        {
          plugins: [
            resolve('@babel/plugin-transform-modules-commonjs'),
            resolve('@babel/plugin-transform-dynamic-import'),
          ],
        },
      ],
    },
  };
  /** An environment with jsdom's globals, and those of Node that it lacks. */
  const JSDOM_AND_FETCH = `
    const { TestEnvironment } = require(${JSON.stringify(resolve('jest-environment-jsdom'))});
    const added = { fetch, Headers, Request, Response, ReadableStream, TextDecoder, TextEncoder, AbortController, AbortSignal };
    module.exports = class extends TestEnvironment {
      async setup() {
        await super.setup();
        Object.assign(this.global, added);
      }
    };`;
  const asks = `${USE}
test('streams', async () => expect(await ask()).toBe(${JSON.stringify(ANSWER)}));`;
  const byRequire = `const Anthropic = require('millrace');`;

  async function jest(file, text, config, flags = []) {
    await put(file, text);
    await put('jest.config.json', JSON.stringify({ testMatch: [`**/${file}`], ...config }));
    const args = [...flags, resolve('jest/bin/jest'), '--rootDir', folder, '--no-watchman'];
    const { stderr } = await run(process.execPath, args, { cwd: folder, env });
    assert.match(stderr, /Tests: +1 passed/);
  }

  it('reads a stream, translated by Babel', () =>
    jest('translated.test.js', byRequire + asks, TRANSLATED));

  it('reads a stream as an ES module', () =>
    jest('module.test.mjs', `import Anthropic from 'millrace';${asks}`, { transform: {} }, [
      '--experimental-vm-modules',
    ]));

  it('imports it with jsdom, which lacks fetch', () =>
    jest(
      'jsdom.test.js',
      `${byRequire}
       test('is there', () => {
         expect(typeof fetch + typeof TextDecoder).toBe('undefinedundefined');
         new Anthropic({ apiKey: 'test', dangerouslyAllowBrowser: true });
       });`,
      { ...TRANSLATED, testEnvironment: resolve('jest-environment-jsdom') },
    ));

  it('reads a stream with jsdom and what it lacks', async () => {
    await put('environment.cjs', JSDOM_AND_FETCH);
    const config = { ...TRANSLATED, testEnvironment: '<rootDir>/environment.cjs' };
    await jest('browser.test.js', byRequire + asks, config);
  });
});

describe('webpack', () => {
  async function build(name, options) {
    const path = join(folder, name);
    const compiler = webpack({
      mode: 'production',
      context: folder,
      entry: './program.js',
      ...options,
      output: { path, filename: 'program.mjs', ...options.output },
    });
    const stats = await promisify(compiler.run.bind(compiler))();
    await promisify(compiler.close.bind(compiler))();
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    // Its size is not the question here.
    const told = warnings.filter(({ message }) => !/size limit|limit the size/.test(message));
    assert.deepEqual([...errors, ...told], []);
    return outputOf(join(path, options.output.filename ?? 'program.mjs'));
  }

  it('for Node', async () => {
    const output = { filename: 'program.cjs' };
    assert.equal(await build('node', { target: 'node20', output }), ANSWER);
  });

  it('for pages', async () => {
    // As ES modules, whose chunks Node loads as well.
    const output = { module: true, chunkFilename: '[id].mjs' };
    const options = { target: ['web', 'es2022'], experiments: { outputModule: true }, output };
    assert.equal(await build('web', options), ANSWER);
  });
});

it('Metro, as React Native bundles', async () => {
  const runtime = dirname(resolve('metro-runtime/package.json'));
  const config = await Metro.loadConfig(
    { cwd: folder },
    {
      projectRoot: folder,
      watchFolders: [runtime],
      resolver: { useWatchman: false, extraNodeModules: { 'metro-runtime': runtime } },
      transformer: {
        getTransformOptions: async () => ({ transform: { experimentalImportSupport: true } }),
      },
      reporter: { update() {} },
      cacheStores: [],
    },
  );
  const out = join(folder, 'metro.js');
  await Metro.runBuild(config, {
    entry: 'program.js',
    platform: 'ios',
    dev: false,
    minify: false,
    out,
  });
  assert.equal(await outputOf(out), ANSWER);
});
