import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packageManifest, packageReadme } from '../../scripts/package-files.mjs';

const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');
const manifest = readFileSync(new URL('package.json', root), 'utf8');
const { scripts } = JSON.parse(manifest);

describe('the README of the package', () => {
  const packed = packageReadme(readme);
  const blocks = [...packed.matchAll(/^```(?:text|sh)\n(.*?)^```/gms)].map(([, code = '']) => code);

  it('says how to install it, before anything else to run', () => {
    expect(blocks[0]).toBe('npm install millrace\n');
  });

  it('tells nothing to run that only the repository has', () => {
    const visible = packed.replace(/<!--.*?-->/gs, '');
    const names = [...Object.keys(scripts), 'ci'].filter((name) => name !== 'package');
    const told = names.filter((name) => new RegExp(`npm (run )?${name}\\b`).test(visible));
    // `npm ci` is part of installing from a clone.
    expect(told).toEqual(['ci']);
    expect(readme).toContain('npm ci && npm test');
  });

  it('is otherwise that of the repository', () => {
    expect(packageReadme(packed)).toBe(packed);
    expect(packed.length).toBeGreaterThan(readme.length - 600);
  });
});

describe('the manifest of the package', () => {
  const packed = JSON.parse(packageManifest(manifest));

  it('has nothing that npm would run, and nothing for developers', () => {
    expect(packed).not.toHaveProperty('scripts');
    expect(packed).not.toHaveProperty('devDependencies');
  });

  it('is otherwise that of the repository', () => {
    expect(JSON.parse(manifest)).toMatchObject(packed);
    expect(packed).toMatchObject({ name: 'millrace', type: 'module' });
    expect(Object.keys(packed)).toEqual(
      Object.keys(JSON.parse(manifest)).filter(
        (key) => key !== 'scripts' && key !== 'devDependencies',
      ),
    );
  });
});
