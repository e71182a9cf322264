import { builtin } from '../model/builtin.js';

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/**
 * The `.jsonl` files of a folder, ordered by name.
 * @throws Error (rejects) if there is no file system or no such folder.
 */
export async function readFolder(dir: string): Promise<TextFile[]> {
  const { readdir, readFile } = fileSystem();
  const names = (await readdir(dir)).filter((name) => name.endsWith('.jsonl')).sort();
  return Promise.all(
    names.map(async (name) => ({ name, text: await readFile(`${dir}/${name}`, 'utf8') })),
  );
}

/** The number of the next recording in a folder. Creates the folder. */
export async function getNextNumber(dir: string): Promise<number> {
  const { mkdir, readdir } = fileSystem();
  await mkdir(dir, { recursive: true });
  const numbers = (await readdir(dir)).map((name) => Number.parseInt(name, 10) || 0);
  return Math.max(0, ...numbers) + 1;
}

export async function writeText(dir: string, { name, text }: TextFile): Promise<void> {
  const { writeFile } = fileSystem();
  await writeFile(`${dir}/${name}`, text);
}

function fileSystem() {
  const otherwise = 'recordings are files: record() and replayRecordings() need node:fs';
  return builtin('node:fs/promises', otherwise);
}
