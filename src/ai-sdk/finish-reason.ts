import type { UIFinishReason } from './ui/chunks.js';

const REASONS: ReadonlyMap<unknown, UIFinishReason> = /* @__PURE__ */ new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['pause_turn', 'stop'],
  ['refusal', 'content-filter'],
  ['tool_use', 'tool-calls'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
] as const);

/** A stop reason in the AI SDK's words. */
export function finishReasonOf(stopReason: unknown): UIFinishReason {
  return REASONS.get(stopReason) ?? 'other';
}
