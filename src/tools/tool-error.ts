import type { ToolResultContent } from '../wire/content-params.js';

/**
 * Thrown by a tool: the model gets the content as the result of the call, marked as an error. Of any other
 * error it gets the name and message.
 */
export class ToolError extends Error {
  /** @internal */
  override get name(): string {
    return 'ToolError';
  }

  /** The content of the tool result. */
  readonly content: string | readonly ToolResultContent[];

  constructor(content: string | readonly ToolResultContent[], options?: ErrorOptions) {
    super(typeof content === 'string' ? content : textOf(content), options);
    this.content = content;
  }
}

function textOf(content: readonly ToolResultContent[]): string {
  return content.map((block) => (block.type === 'text' ? block.text : `[${block.type}]`)).join(' ');
}
