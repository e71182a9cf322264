/** A file and what is in it. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/**
 * The `.jsonl` files of a folder, by name.
 * @throws Error (rejects) where there is no file system, or no such folder.
 */
export async function readFolder(dir: string): Promise<TextFile[]> {
  const { readdir, readFile } = await fileSystem();
  const names = (await readdir(dir)).filter((name) => name.endsWith('.jsonl')).sort();
  return Promise.all(
    names.map(async (name) => ({ name, text: await readFile(`${dir}/${name}`, 'utf8') })),
  );
}

/** The number that the next recording of a folder gets; makes the folder. */
export async function nextNumber(dir: string): Promise<number> {
  const { mkdir, readdir } = await fileSystem();
  await mkdir(dir, { recursive: true });
  const numbers = (await readdir(dir)).map((name) => Number.parseInt(name, 10) || 0);
  return Math.max(0, ...numbers) + 1;
}

export async function writeText(dir: string, { name, text }: TextFile): Promise<void> {
  const { writeFile } = await fileSystem();
  await writeFile(`${dir}/${name}`, text);
}

function fileSystem(): Promise<typeof import('node:fs/promises')> {
  return import('node:fs/promises').catch((cause) => {
    throw new Error('recordings are files: record() and replay() need node:fs', { cause });
  });
}
