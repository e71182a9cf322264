import type { ToolResultContent } from 'millrace';

/** Throw it in a tool's `run` to answer a call with an error of your own content. */
export class ToolError extends Error {
  readonly content: string | ToolResultContent[];

  constructor(content: string | ToolResultContent[]) {
    const texts = [content]
      .flat()
      .map((block) => (typeof block === 'string' ? block : textOf(block)));
    super(texts.join(' '));
    this.name = 'ToolError';
    this.content = content;
  }
}

function textOf(block: ToolResultContent): string {
  return block.type === 'text' ? (block as { text: string }).text : `[${block.type}]`;
}
