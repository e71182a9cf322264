import { afterEach, expect, it, vi } from 'vitest';
import { env, isForbidden } from '../src/env.js';

afterEach(() => vi.unstubAllGlobals());

it.each<[what: string, process: unknown, expected: string | undefined]>([
  ['what is set', { env: { NAME: ' value\n' } }, 'value'],
  ['nothing for what is blank', { env: { NAME: '  ' } }, undefined],
  ['nothing where there is no environment', {}, undefined],
  ['nothing where there is no process', undefined, undefined],
  [
    'nothing where it may not be read',
    {
      get env() {
        throw new Error('NotCapable');
      },
    },
    undefined,
  ],
])('gives %s', (_, process, expected) => {
  vi.stubGlobal('process', process);
  expect(env('NAME')).toBe(expected);
});

it('knows where Deno forbids to read', () => {
  expect(isForbidden('NAME')).toBe(false);
  vi.stubGlobal('process', {
    get env() {
      throw new Error('NotCapable');
    },
  });
  expect(isForbidden('NAME')).toBe(true);
});
