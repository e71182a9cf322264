import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runsSnippets } from './runs-snippets.js';
import { snippetsOf } from './snippets.js';

const folder = new URL('../../docs/', import.meta.url);
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));

it('there are pages', () => {
  for (const page of ['interruption.md', 'structured-output.md', 'tools.md']) {
    expect(pages).toContain(page);
  }
});

describe.each(pages)('docs/%s', (page) => {
  runsSnippets(`docs/${page}`, snippetsOf(`docs/${page}`));
});
