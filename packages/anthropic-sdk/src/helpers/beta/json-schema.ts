import type { ToolResultContent } from 'millrace';
import type {
  BetaRunnableTool,
  BetaToolRunContext,
  Promisable,
} from '../../lib/tools/BetaRunnableTool.js';
import { jsonSchemaOutputFormat } from '../json-schema.js';
import { type OutputOf, runnableTool, type ToolFields } from '../standard.js';

export { jsonSchemaOutputFormat as betaJSONSchemaOutputFormat };

/** A tool for `toolRunner()`; the type of its input is inferred from the schema, and not checked. */
export function betaTool<
  const S extends { readonly type: 'object'; readonly [keyword: string]: unknown },
>(
  options: ToolFields & {
    inputSchema: S;
    run: (
      args: OutputOf<S>,
      context?: BetaToolRunContext,
    ) => Promisable<string | Array<ToolResultContent>>;
  },
): BetaRunnableTool<OutputOf<S>> {
  if (options.inputSchema.type !== 'object') {
    throw new Error(
      `JSON schema for tool "${options.name}" must be an object, but got ${options.inputSchema.type}`,
    );
  }
  return runnableTool(options, (value) => value) as BetaRunnableTool<OutputOf<S>>;
}
