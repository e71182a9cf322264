import type { ToolResultContent } from 'millrace';
import type { BetaRunnableTool, Promisable } from '../../lib/tools/BetaRunnableTool.js';

/** The input of a call of the memory tool, by command. */
interface Commands {
  view: { command: 'view'; path: string; view_range?: number[] };
  create: { command: 'create'; path: string; file_text: string };
  str_replace: { command: 'str_replace'; path: string; old_str: string; new_str: string };
  insert: { command: 'insert'; path: string; insert_line: number; insert_text: string };
  delete: { command: 'delete'; path: string };
  rename: { command: 'rename'; old_path: string; new_path: string };
}

/** A function for each command; its result goes back to the model. */
export type MemoryToolHandlers = {
  [Name in keyof Commands]: (
    command: Commands[Name],
  ) => Promisable<string | Array<ToolResultContent>>;
};

/**
 * The API's memory tool, for `toolRunner()`. A command without a handler is answered with an error.
 * @param extraProps more fields of the tool, such as `cache_control`.
 */
export function betaMemoryTool(
  handlers: MemoryToolHandlers,
  extraProps?: Record<string, unknown>,
): BetaRunnableTool<Commands[keyof Commands]> {
  return {
    ...extraProps,
    type: 'memory_20250818',
    name: 'memory',
    parse: (content) => content as Commands[keyof Commands],
    run: (args) => {
      const name = args.command;
      if (!Object.hasOwn(handlers, name) && !(name in handlers)) {
        throw new Error(`${name} not implemented`);
      }
      return handlers[name](args as never);
    },
  };
}
