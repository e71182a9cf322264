import type { ToolResultContent } from 'millrace';
import type {
  BetaRunnableTool,
  BetaToolRunContext,
  Promisable,
} from '../../lib/tools/BetaRunnableTool.js';
import { runnableTool, type ToolFields } from '../standard.js';
import { type Infer, type ZodType, zodOutputFormat } from '../zod.js';

export { zodOutputFormat as betaZodOutputFormat };

/** A tool for `toolRunner()`; its input is checked by the schema, of zod 4.2 or newer. */
export function betaZodTool<S extends ZodType>(
  options: ToolFields & {
    inputSchema: S;
    run: (
      args: Infer<S>,
      context?: BetaToolRunContext,
    ) => Promisable<string | Array<ToolResultContent>>;
  },
): BetaRunnableTool<Infer<S>> {
  const { type } = options.inputSchema._zod.def as { type?: string };
  if (type !== 'object') {
    throw new Error(`Zod schema for tool "${options.name}" must be an object, but got ${type}`);
  }
  return runnableTool(options, (value) => options.inputSchema.parse(value)) as BetaRunnableTool<
    Infer<S>
  >;
}
