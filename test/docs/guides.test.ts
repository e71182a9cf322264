import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, type Server, serve } from '../../src/testing/index.js';
import { answerTo } from './answers.js';
import { compile, execute, snippetsOf } from './snippets.js';

/** Each guide, and how many snippets it has at least. */
const GUIDES = [
  ['docs/tools.md', 4],
  ['docs/structured-output.md', 4],
] as const;

describe.each(GUIDES)('the snippets of %s', (document, least) => {
  const snippets = snippetsOf(document);
  let server: Server;
  let folder: string;

  beforeAll(async () => {
    server = await serve(createEmulator({ replies: answerTo }));
    folder = await compile(snippets, document.replace(/\W+/g, '-'));
  });

  afterAll(() => server.close());

  it('are there', () => {
    expect(snippets.length).toBeGreaterThanOrEqual(least);
  });

  it.each(snippets.map(({ name }) => name))('%s compiles, runs and prints', async (name) => {
    const { stdout, stderr } = await execute(`${folder}${name}.js`, {
      ANTHROPIC_API_KEY: 'test',
      ANTHROPIC_BASE_URL: server.url,
    });
    expect(stderr).toBe('');
    expect(stdout).not.toBe('');
  });
});
