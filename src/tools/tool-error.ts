import type { ToolResultContent } from '../wire/content-params.js';

/**
 * For a tool to throw: the model gets the content as the result of the call, marked as an error. Other
 * errors that a tool throws give it their name and message.
 */
export class ToolError extends Error {
  static {
    ToolError.prototype.name = 'ToolError';
  }

  /** What the model gets. */
  readonly content: string | readonly ToolResultContent[];

  constructor(content: string | readonly ToolResultContent[], options?: ErrorOptions) {
    super(typeof content === 'string' ? content : textOf(content), options);
    this.content = content;
  }
}

function textOf(content: readonly ToolResultContent[]): string {
  return content.map((block) => (block.type === 'text' ? block.text : `[${block.type}]`)).join(' ');
}
