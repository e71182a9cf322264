import { readFile } from 'node:fs/promises';
import type { MoreModelFacts } from '../../testing/index.js';
import { UsageError } from '../usage-error.js';

/**
 * The models of a JSON file: a list such as `[{ "id": "claude-new-1", "maxTokens": 64000 }]`.
 * @throws UsageError (rejects) if it isn't one.
 */
export async function readModels(file: string): Promise<readonly MoreModelFacts[]> {
  try {
    const models: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (Array.isArray(models)) return models as MoreModelFacts[];
    throw new Error('give a list such as [{ "id": "claude-new-1", "maxTokens": 64000 }]');
  } catch (error) {
    throw new UsageError(`--models ${file}: ${(error as Error).message}`);
  }
}
