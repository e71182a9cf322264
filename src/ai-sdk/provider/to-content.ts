import type { LanguageModelV4Content, LanguageModelV4StreamPart } from '@ai-sdk/provider';

type Part = LanguageModelV4StreamPart;

/** Parts that a whole answer has too. */
const WHOLE: ReadonlySet<string> = new Set(['tool-call', 'tool-result', 'source', 'custom']);

interface Growing {
  type: 'text' | 'reasoning';
  text: string;
  [field: string]: unknown;
}

/** The parts of a stream as the content of an answer that is there as a whole. */
export function toContent(parts: readonly Part[]): LanguageModelV4Content[] {
  const content: unknown[] = [];
  const open = new Map<string, Growing>();
  for (const part of parts) {
    if (WHOLE.has(part.type)) {
      // It says what the stream is of, which the result says elsewhere.
      if (part.type !== 'custom' || part.kind !== 'anthropic.message_start') content.push(part);
      continue;
    }
    const [, type, what] = /^(text|reasoning)-(start|delta|end)$/.exec(part.type) ?? [];
    if (type === undefined) continue;
    const { id, delta, type: _, ...fields } = part as { id: string; delta?: string; type: string };
    if (what === 'start') {
      const grown: Growing = { type: type as Growing['type'], text: '' };
      open.set(id, grown);
      content.push(grown);
    }
    const grown = open.get(id) as Growing;
    grown.text += delta ?? '';
    // Metadata comes with any of them.
    Object.assign(grown, fields);
  }
  return content as LanguageModelV4Content[];
}
