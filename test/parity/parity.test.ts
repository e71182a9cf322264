import { beforeAll, describe, expect, it } from 'vitest';
import {
  createEmulator,
  type Replies,
  reply,
  type Server,
  serve,
} from '../../src/testing/index.js';
import { compileRows, outputOf, runnable } from './programs.js';
import type { Client, Row } from './row.js';
import { SECTIONS } from './rows.js';

const ROWS = SECTIONS.flatMap(({ rows }) => rows);
const DEFAULT: Replies = () => reply.text('Hello, world.');

it('no two rows have a name', () => {
  expect(new Set(ROWS.map(({ python }) => python)).size).toBe(ROWS.length);
});

it('the four documents make 119 promises, each of which has a row', () => {
  const promises = ROWS.flatMap(({ promises = [] }) => promises);
  expect(new Set(promises).size).toBe(promises.length);
  expect(promises).toHaveLength(119);
});

describe.each<Client>(['awaiting', 'blocking'])('with the %s client', (client) => {
  let file: string;

  beforeAll(async () => {
    file = await compileRows(ROWS, client);
  });

  it.concurrent.each(runnable(ROWS, client))('$python', async (row: Row) => {
    const server: Server = await serve(createEmulator({ replies: row.replies ?? DEFAULT }));
    try {
      const output = await outputOf(file, row, server.url);
      if (typeof row.prints === 'string') expect(output).toBe(row.prints);
      else expect(output).toMatch(row.prints);
    } finally {
      await server.close();
    }
  });
});
