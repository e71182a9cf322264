import type { ToolResultContent, ToolUnion, ToolUseBlock } from 'millrace';

export type Promisable<T> = T | Promise<T>;

/** The second argument of a tool's `run`. */
export interface BetaToolRunContext {
  toolUse: ToolUseBlock;
  toolUseBlock: ToolUseBlock;
  signal?: AbortSignal | null | undefined;
}

/** A tool that `toolRunner()` runs. */
// biome-ignore lint/suspicious/noExplicitAny: tools of any input are in one list.
export type BetaRunnableTool<Input = any> = ToolUnion & {
  name: string;
  run: (args: Input, context?: BetaToolRunContext) => Promisable<string | Array<ToolResultContent>>;
  parse: (content: unknown) => Input;
  close?: () => Promisable<void>;
};

export { ToolError } from './ToolError.js';
