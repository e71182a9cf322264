import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { redactRecording } from '../../testing/index.js';
import { UsageError } from '../usage-error.js';
import type { NamedText } from './page.js';

/** What the command line names: files, or the recordings of folders. */
export interface Sources {
  readonly files: readonly string[];
  readonly dirs: readonly string[];
}

/** @throws UsageError (rejects) for what isn't there. */
export async function findSources(paths: readonly string[]): Promise<Sources> {
  const files: string[] = [];
  const dirs: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((error: Error) => fail(path, error));
    (found.isDirectory() ? dirs : files).push(path);
  }
  return { files, dirs };
}

/** All recordings, without secrets. @throws UsageError (rejects) where one can't be read, or there is none. */
export async function readSources({ files, dirs }: Sources): Promise<NamedText[]> {
  const inDirs = await Promise.all(dirs.map(listRecordings));
  const all = [...files, ...inDirs.flat()];
  if (all.length === 0)
    throw new UsageError(`there are no .jsonl or .sse files in ${dirs.join(', ')}`);
  return Promise.all(
    all.map(async (path) => {
      const text = await readFile(path, 'utf8').catch((error: Error) => fail(path, error));
      return { file: basename(path), text: redactRecording(text) };
    }),
  );
}

/** The recordings in a folder, by name. */
export async function listRecordings(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch((error: Error) => fail(dir, error));
  return names
    .filter(isRecording)
    .sort()
    .map((name) => join(dir, name));
}

export const isRecording = (name: string): boolean => /\.(?:jsonl|sse)$/.test(name);

function fail(path: string, error: Error): never {
  throw new UsageError(`${path}: ${error.message}`);
}
