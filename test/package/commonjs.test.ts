import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { makeProgram } from './program.js';

/** The last lines that a CommonJS program prints, as JSON. */
async function printed(code: string): Promise<unknown> {
  const folder = await makeProgram({ 'package.json': '{}', 'program.js': code });
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    join(folder, 'program.js'),
  ]);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

it(`require('millrace') is the class, with every named export`, async () => {
  const result = await printed(`
    const Anthropic = require('millrace');
    import('millrace').then((millrace) => {
      const names = Object.keys(millrace);
      console.log(JSON.stringify({
        isClass: Anthropic === millrace.Anthropic,
        count: names.length,
        different: names.filter((name) => Anthropic[name] !== millrace[name]),
        hidden: names.filter((name) => !Object.keys(Anthropic).includes(name)),
        name: Anthropic.name,
        client: new Anthropic({ apiKey: 'key' }).messages !== undefined,
      }));
    });`);
  expect(result).toMatchObject({
    isClass: true,
    different: [],
    hidden: [],
    name: 'Anthropic',
    client: true,
  });
  expect((result as { count: number }).count).toBeGreaterThan(30);
});

it('its exports are getters', async () => {
  const code = `
    const { get } = Object.getOwnPropertyDescriptor(require('millrace'), 'tool');
    console.log(JSON.stringify(typeof get));`;
  expect(await printed(code)).toBe('function');
});

it('can be destructured, and has a default', async () => {
  const result = await printed(`
    const { tool, APIError, RateLimitError, Anthropic, default: again } = require('millrace');
    const look = tool({ name: 'look', input: { type: 'object' }, run: () => '' });
    console.log(JSON.stringify([
      look.name, new RateLimitError('') instanceof APIError, Anthropic === again, require('millrace').default === again,
    ]));`);
  expect(result).toEqual(['look', true, true, true]);
});
