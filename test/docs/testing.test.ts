import { beforeAll, expect, it } from 'vitest';
import { compile, execute, snippetsOf } from './snippets.js';

const snippets = snippetsOf('docs/testing.md');
let folder: string;

beforeAll(async () => {
  folder = await compile(snippets, 'testing');
});

it.each(snippets.map(({ name }) => name))('%s compiles, runs and prints', async (name) => {
  const { stdout, stderr } = await execute(`${folder}${name}.js`, {});
  expect(stderr).toBe('');
  expect(stdout).not.toBe('');
});
