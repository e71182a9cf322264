import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runsSnippets } from '../docs/runs-snippets.js';

const code = readFileSync(new URL('../../examples/sync.ts', import.meta.url), 'utf8');

describe('examples/sync.ts', () => {
  runsSnippets('examples/sync.ts', [{ name: 'sync', code }]);

  it('has ten lines', () => {
    expect(code.trimEnd().split('\n')).toHaveLength(10);
  });
});
