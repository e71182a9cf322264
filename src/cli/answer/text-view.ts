import type { ContentBlock, ContentBlockDelta } from '../../index.js';
import { type Styled, styled } from '../styled.js';
import type { Output } from './output.js';
import { createTextWriter } from './text-writer.js';
import { toText } from './to-text.js';
import type { View } from './view.js';

/**
 * What the model writes, as it arrives: its text, the input of its tools, and on a terminal its
 * thinking. A terminal shows Markdown, wrapped between words; a pipe gets the text byte for byte.
 */
export function textView(output: Output): View {
  const writer = createTextWriter(output);
  const started = new Set<number>();
  let hasThinking = false;

  const startLine = async (): Promise<void> => {
    await output.write(await writer.end());
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

  const toShown = (delta: ContentBlockDelta): Styled | Promise<Styled> => {
    if (delta.type === 'text_delta') return writer.text(delta.text);
    if (delta.type === 'input_json_delta') return styled(delta.partial_json, 'code');
    if (delta.type !== 'thinking_delta' || !output.isTerminal) return '';
    hasThinking = true;
    return writer.thinking(delta.thinking);
  };

  const endBlock = async (block: ContentBlock): Promise<void> => {
    if ('input' in block) await output.startLine();
    if (!hasThinking) return;
    hasThinking = false;
    await startLine();
    await output.write('\n');
  };

  return {
    event: async (event) => {
      if (event.type === 'content_block_start') await startBlock(event.index, event.content_block);
      else if (event.type === 'content_block_delta') await output.write(await toShown(event.delta));
      else if (event.type === 'content_block_stop') await endBlock(event.content_block);
    },
    end: async () => {
      await startLine();
      return undefined;
    },
  };
}
