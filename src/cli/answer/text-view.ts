import type { UntypedBlock, UntypedDelta, UntypedEvent } from '../../message/untyped.js';
import { Markdown } from './markdown.js';
import type { Output } from './output.js';
import type { View } from './view.js';

/**
 * What the model writes, as it comes: its text, the input of its tools, and on a terminal its
 * thinking. A terminal shows Markdown; a pipe gets the text to the byte.
 */
export function textView(output: Output): View {
  const markdown = output.isStyled ? new Markdown(output.style) : undefined;
  const { dim, code } = output.style;
  /** A block that begins again was given up. */
  const begun = new Set<unknown>();
  let hasThought = false;

  const freshLine = async (): Promise<void> => {
    await output.write(markdown?.end() ?? '');
    await output.freshLine();
  };

  const deltas: Readonly<Record<string, (written: string) => Promise<void>>> = {
    text_delta: (text) => output.write(markdown?.push(text) ?? text),
    input_json_delta: (json) => output.write(code(json)),
    thinking_delta: async (thinking) => {
      if (!output.isTerminal) return;
      hasThought = true;
      await output.write(dim(thinking));
    },
  };

  const events: Readonly<Record<string, (event: UntypedEvent) => Promise<void> | undefined>> = {
    content_block_start: async ({ index, content_block }) => {
      if (begun.has(index)) await freshLine();
      begun.add(index);
      const { name, input } = content_block as UntypedBlock;
      if (input === undefined) return;
      await freshLine();
      await output.write(dim(`${output.visible(String(name))} `));
    },
    content_block_delta: ({ delta }) => {
      const { type, text, thinking, partial_json } = delta as UntypedDelta;
      return deltas[type]?.(output.visible(String(text ?? thinking ?? partial_json)));
    },
    content_block_stop: async ({ content_block }) => {
      if ((content_block as UntypedBlock).input !== undefined) await output.freshLine();
      if (hasThought) await output.write('\n\n');
      hasThought = false;
    },
  };

  return {
    event: (event) => events[event.type]?.(event as unknown as UntypedEvent),
    end: async () => {
      await freshLine();
      return undefined;
    },
  };
}
