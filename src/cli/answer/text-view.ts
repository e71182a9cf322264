import type { ContentBlock, ContentBlockDelta } from '../../index.js';
import { styled } from '../styled.js';
import { Markdown } from './markdown.js';
import type { Output } from './output.js';
import { toText } from './to-text.js';
import type { View } from './view.js';

/**
 * What the model writes, as it arrives: its text, the input of its tools, and on a terminal its
 * thinking. A terminal shows Markdown; a pipe gets the text byte for byte.
 */
export function textView(output: Output): View {
  const markdown = output.isStyled ? new Markdown() : undefined;
  const started = new Set<number>();
  let hasThinking = false;

  const startLine = async (): Promise<void> => {
    await output.write(markdown?.end() ?? '');
    await output.startLine();
  };

  const startBlock = async (index: number, block: ContentBlock): Promise<void> => {
    // A recovery can start a block again: what it wrote before is discarded, but stays printed.
    if (started.has(index)) await startLine();
    started.add(index);
    if (!('input' in block)) return;
    await startLine();
    await output.write(styled(`${toText(block.name)} `, 'dim'));
  };

  const writeDelta = async (delta: ContentBlockDelta): Promise<void> => {
    if (delta.type === 'text_delta') {
      await output.write(markdown?.push(delta.text) ?? delta.text);
    } else if (delta.type === 'input_json_delta') {
      await output.write(styled(delta.partial_json, 'code'));
    } else if (delta.type === 'thinking_delta' && output.isTerminal) {
      hasThinking = true;
      await output.write(styled(delta.thinking, 'dim'));
    }
  };

  const endBlock = async (block: ContentBlock): Promise<void> => {
    if ('input' in block) await output.startLine();
    if (hasThinking) await output.write('\n\n');
    hasThinking = false;
  };

  return {
    event: async (event) => {
      if (event.type === 'content_block_start') await startBlock(event.index, event.content_block);
      else if (event.type === 'content_block_delta') await writeDelta(event.delta);
      else if (event.type === 'content_block_stop') await endBlock(event.content_block);
    },
    end: async () => {
      await startLine();
      return undefined;
    },
  };
}
