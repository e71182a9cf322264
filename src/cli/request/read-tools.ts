import { readFile } from 'node:fs/promises';
import type { ToolUnion } from '../../index.js';
import { UsageError } from '../usage-error.js';

/**
 * The tools of a request, from a JSON file.
 * @throws UsageError (rejects) if the file isn't a list of tools.
 */
export async function readTools(file: string): Promise<ToolUnion[]> {
  try {
    const tools: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!Array.isArray(tools) || tools.some((tool) => typeof tool !== 'object' || tool === null)) {
      throw new Error('give a list: [{"name": "…", "input_schema": {"type": "object"}}]');
    }
    return tools;
  } catch (error) {
    throw new UsageError(`--tools ${file}: ${(error as Error).message}`);
  }
}
