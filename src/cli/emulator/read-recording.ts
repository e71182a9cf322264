import { readFile } from 'node:fs/promises';
import { parseRecording, type Reply } from '../../testing/index.js';
import { UsageError } from '../usage-error.js';

/**
 * The replies in a recording.
 * @param timing whether an exchange takes as long as it did.
 * @throws UsageError (rejects) if the file can't be read or isn't a recording.
 */
export async function readRecording(file: string, timing: boolean): Promise<Reply[]> {
  try {
    return parseRecording(await readFile(file), { timing });
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}
