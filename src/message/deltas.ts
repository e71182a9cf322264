import { StreamProtocolError } from '../errors.js';
import type { BlockDraft } from './block-draft.js';
import type { LooseDelta } from './loose.js';

type DeltaRule = (draft: BlockDraft, delta: LooseDelta) => void;

/** WIRE, "How the message accumulates": what each delta does to its block. */
const rules: ReadonlyMap<string, DeltaRule> = new Map<string, DeltaRule>([
  ['text_delta', (draft, delta) => draft.addText('text', text(draft, delta, 'text'))],
  ['thinking_delta', (draft, delta) => draft.addText('thinking', text(draft, delta, 'thinking'))],
  ['input_json_delta', (draft, delta) => draft.addJson(text(draft, delta, 'partial_json'))],
  [
    'citations_delta',
    (draft, { citation }) => {
      const block = draft.edit();
      if (Array.isArray(block.citations)) block.citations.push(citation);
      else block.citations = [citation];
    },
  ],
  [
    'signature_delta',
    (draft, delta) => {
      draft.edit().signature = text(draft, delta, 'signature');
    },
  ],
  [
    'compaction_delta',
    (draft, delta) => {
      const block = draft.edit();
      block.content = delta.content;
      if ('encrypted_content' in delta) block.encrypted_content = delta.encrypted_content;
    },
  ],
]);

/**
 * Adds a delta to its block. A kind that we do not know changes nothing and is kept.
 * @throws StreamProtocolError when a known delta lacks its text.
 */
export function applyDelta(draft: BlockDraft, delta: LooseDelta): void {
  const rule = rules.get(delta.type);
  if (rule === undefined) draft.keepUnknown(delta);
  else rule(draft, delta);
}

function text({ index }: BlockDraft, delta: LooseDelta, field: string): string {
  const value = delta[field];
  if (typeof value === 'string') return value;
  throw new StreamProtocolError(
    `a content_block_delta for index ${index} whose delta.${field} is not a string`,
  );
}
