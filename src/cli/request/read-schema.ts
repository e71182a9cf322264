import { readFile } from 'node:fs/promises';
import { type OutputFormat, outputFormat } from '../../index.js';
import { UsageError } from '../usage-error.js';

/**
 * The format of structured output, by a JSON Schema in a file or on the command line.
 * @throws UsageError (rejects) if it is no schema.
 */
export async function readSchema(written: string): Promise<OutputFormat<unknown>> {
  const isInline = written.trimStart().startsWith('{');
  const place = isInline ? '--schema' : `--schema ${written}`;
  try {
    const schema: unknown = JSON.parse(isInline ? written : await readFile(written, 'utf8'));
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
      throw new Error('give a JSON Schema such as {"type": "object", "properties": {…}}');
    }
    return outputFormat(schema as Record<string, unknown>);
  } catch (error) {
    throw new UsageError(`${place}: ${(error as Error).message}`);
  }
}
