/**
 * A chunk of the AI SDK's UI message stream (protocol v1), as far as millrace writes them. The types are those
 * of `ai`, which a server that sends them doesn't need.
 */
export type UIMessageChunk =
  | { type: 'start'; messageId?: string; messageMetadata?: unknown }
  | { type: 'finish'; finishReason?: UIFinishReason; messageMetadata?: unknown }
  | { type: 'start-step' | 'finish-step' | 'reset-step' }
  | { type: 'abort'; reason?: string }
  | { type: 'error'; errorText: string }
  | TextChunk
  | ToolChunk
  | { type: 'source-url'; sourceId: string; url: string; title?: string }
  | { type: 'source-document'; sourceId: string; mediaType: string; title: string }
  | { type: `data-${string}`; id?: string; data: unknown };

/** Why a message ended, in the AI SDK's words. */
export type UIFinishReason = 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'other';

/** What the model's provider adds to a part: signatures, which are needed to send thinking back. */
export type UIProviderMetadata = Record<string, Record<string, JSONValue>>;

type JSONValue = null | string | number | boolean | JSONValue[] | { [key: string]: JSONValue };

type TextChunk =
  | { type: 'text-start' | 'reasoning-start'; id: string }
  | { type: 'text-delta' | 'reasoning-delta'; id: string; delta: string }
  | { type: 'text-end' | 'reasoning-end'; id: string; providerMetadata?: UIProviderMetadata };

interface ToolFields {
  toolCallId: string;
  providerExecuted?: boolean;
  dynamic?: boolean;
  providerMetadata?: UIProviderMetadata;
}

type ToolChunk =
  | (ToolFields & { type: 'tool-input-start'; toolName: string })
  | { type: 'tool-input-delta'; toolCallId: string; inputTextDelta: string }
  | (ToolFields & { type: 'tool-input-available'; toolName: string; input: unknown })
  | (ToolFields & {
      type: 'tool-input-error';
      toolName: string;
      input: unknown;
      errorText: string;
    })
  | (ToolFields & { type: 'tool-output-available'; output: unknown; preliminary?: boolean })
  | (ToolFields & { type: 'tool-output-error'; errorText: string })
  | { type: 'tool-output-denied'; toolCallId: string }
  | { type: 'tool-approval-request'; approvalId: string; toolCallId: string }
  | {
      type: 'tool-approval-response';
      approvalId: string;
      approved: boolean;
    };
