import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmulator, type Server, serve } from '../../src/testing/index.js';
import { hasRedis, type RedisServer, startRedis } from '../relay/redis-server.js';
import { answerTo } from './answers.js';
import { compile, execute, type Snippet } from './snippets.js';

/**
 * Tests that the snippets of a document compile, run to their end against the emulator, and print.
 */
export function runsSnippets(document: string, snippets: readonly Snippet[]): void {
  let server: Server;
  let folder: string;
  let redis: RedisServer | undefined;

  beforeAll(async () => {
    server = await serve(createEmulator({ replies: answerTo }));
    folder = await compile(snippets, document.replace(/\W+/g, '-'));
    if (hasRedis && snippets.some(needsRedis)) redis = await startRedis();
  });

  afterAll(async () => {
    await redis?.stop();
    await server.close();
  });

  const runnable = snippets.filter((snippet) => hasRedis || !needsRedis(snippet));
  it.each(runnable.map(({ name }) => name))('%s compiles, runs and prints', async (name) => {
    const { stdout, stderr } = await execute(`${folder}${name}.js`, {
      ANTHROPIC_API_KEY: 'test',
      ANTHROPIC_BASE_URL: server.url,
      ...(redis && { REDIS_URL: redis.url }),
    });
    expect(stderr).toBe('');
    expect(stdout).not.toBe('');
  });
}

function needsRedis({ code }: Snippet): boolean {
  return code.includes('REDIS_URL');
}
