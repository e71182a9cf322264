import type { ToolResultContent } from 'millrace';

/** Throw it in a tool's `run` to answer a call with an error of your own content. */
export class ToolError extends Error {
  readonly content: string | ToolResultContent[];

  constructor(content: string | ToolResultContent[]) {
    super(typeof content === 'string' ? content : 'Tool error');
    this.name = 'ToolError';
    this.content = content;
  }
}
