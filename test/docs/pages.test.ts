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

const withSnippets = pages.filter((page) => snippetsOf(`docs/${page}`).length > 0);

describe.each(withSnippets)('docs/%s', (page) => {
  runsSnippets(`docs/${page}`, snippetsOf(`docs/${page}`));
});
