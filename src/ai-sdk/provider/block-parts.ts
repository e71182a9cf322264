import type {
  JSONValue,
  LanguageModelV4StreamPart,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import type { UntypedBlock, UntypedDelta } from '../../message/untyped.js';
import type { CallInput } from './call-input.js';
import type { Citation } from './citations.js';

type Part = LanguageModelV4StreamPart;

/** A block that is being written. */
export interface OpenPart {
  /** The call's, of a call; otherwise the block's place. */
  id: string;
  block: UntypedBlock;
  input: CallInput;
  citations: Citation[];
}

/** What becomes of a kind of block. */
export interface PartRule {
  start?: (open: OpenPart) => Part[];
  delta?: (open: OpenPart, delta: UntypedDelta) => Part[];
  /** @param block finished. */
  stop?: (open: OpenPart, block: UntypedBlock) => Part[];
}

const THINKING: PartRule = {
  start: ({ id, block: { data } }) => [
    {
      type: 'reasoning-start',
      id,
      ...(data !== undefined && { providerMetadata: metadata({ redactedData: data }) }),
    },
  ],
  delta: ({ id }, { type, thinking, signature }) => {
    if (type === 'thinking_delta') {
      return [{ type: 'reasoning-delta', id, delta: thinking as string }];
    }
    if (type !== 'signature_delta') return [];
    const providerMetadata = metadata({ signature });
    return [{ type: 'reasoning-delta', id, delta: '', providerMetadata }];
  },
  stop: ({ id }) => [{ type: 'reasoning-end', id }],
};

/** A summary of the conversation is text, which is known by its metadata when it is sent back. */
const COMPACTION: PartRule = {
  start: ({ id, block: { type, content, signature } }) => {
    const signed = typeof signature === 'string' ? { signature } : {};
    return [
      { type: 'text-start', id, providerMetadata: metadata({ type, ...signed }) },
      ...summary(id, content),
    ];
  },
  delta: ({ id }, { content }) => summary(id, content),
  stop: ({ id }) => [{ type: 'text-end', id }],
};

function summary(id: string, content: unknown): Part[] {
  return typeof content === 'string' && content !== ''
    ? [{ type: 'text-delta', id, delta: content }]
    : [];
}

/** Whatever else a message contains is passed on as it is. */
const OTHER: PartRule = {
  stop: (_, block) => [
    { type: 'custom', kind: `anthropic.${block.type}`, providerMetadata: metadata(block) },
  ],
};

const RULES: Readonly<Record<string, PartRule>> = {
  thinking: THINKING,
  redacted_thinking: THINKING,
  compaction: COMPACTION,
};

/** The rule for a block that needs nothing but itself. */
export function plainRule({ type }: UntypedBlock): PartRule {
  return RULES[type] ?? OTHER;
}

/** Under the name that the AI SDK's own provider uses. */
export function metadata(fields: object): SharedV4ProviderMetadata {
  return { anthropic: fields as Record<string, JSONValue> };
}

/** The same where there are fields. */
export function withMetadata(fields: object): { providerMetadata?: SharedV4ProviderMetadata } {
  return Object.keys(fields).length === 0 ? {} : { providerMetadata: metadata(fields) };
}
