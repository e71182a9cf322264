/**
 * What the official types have and ours lack, and the other way round, as lists of names: a difference that is not
 * in `DELIBERATE` fails to compile, and the message has its name.
 */

import type * as Beta from '@anthropic-ai/sdk/resources/beta/messages/messages';
import type * as GA from '@anthropic-ai/sdk/resources/messages/messages';
import type * as ours from '../../src/wire/api.js';

/** The names that a type knows; an index signature, and any string, are none. */
// biome-ignore lint/complexity/noBannedTypes: only the empty type tells a literal from any string.
type Nothing = {};

type Known<K> = K extends ours.UnknownType
  ? never
  : K extends string
    ? Nothing extends Record<K, 1>
      ? never
      : K
    : never;
type Keys<T> = T extends unknown ? keyof { [K in keyof T as Known<K>]: 1 } : never;
type Tags<T> = T extends { type: infer Name } ? Known<Name> : never;
/** The literals of an open string. */
type Texts<T> = Known<T>;

interface Names {
  'block types': [Tags<GA.ContentBlock>, Tags<ours.ContentBlock>];
  'beta block types': [Tags<Beta.BetaContentBlock>, Tags<ours.BetaContentBlock>];
  'param block types': [Tags<GA.ContentBlockParam>, Tags<ours.ContentBlockParam>];
  'beta param block types': [Tags<Beta.BetaContentBlockParam>, Tags<ours.BetaContentBlockParam>];
  'delta types': [Tags<GA.RawContentBlockDelta>, Tags<ours.ContentBlockDelta>];
  'beta delta types': [Tags<Beta.BetaRawContentBlockDelta>, Tags<ours.BetaContentBlockDelta>];
  'event types': [Tags<GA.RawMessageStreamEvent>, Tags<ours.RawMessageStreamEvent>];
  'citation types': [Tags<GA.TextCitation>, Tags<ours.TextCitation>];
  'thinking types': [Tags<GA.ThinkingConfigParam>, Tags<ours.ThinkingConfigParam>];
  'tool choices': [Tags<GA.ToolChoice>, Tags<ours.ToolChoice>];
  'stop reasons': [Texts<GA.StopReason>, Texts<ours.StopReason>];
  'beta stop reasons': [Texts<Beta.BetaStopReason>, Texts<ours.BetaStopReason>];
  'effort levels': [
    Texts<Exclude<GA.OutputConfig['effort'], null | undefined>>,
    Texts<Exclude<ours.OutputConfig['effort'], null | undefined>>,
  ];
  models: [Texts<GA.Model>, Texts<ours.Model>];
  'message fields': [Keys<GA.Message>, Keys<ours.Message>];
  'beta message fields': [Keys<Beta.BetaMessage>, Keys<ours.BetaMessage>];
  'usage fields': [Keys<GA.Usage>, Keys<ours.Usage>];
  'beta usage fields': [Keys<Beta.BetaUsage>, Keys<ours.BetaUsage>];
  'beta usage fields of a delta': [
    Keys<Beta.BetaMessageDeltaUsage>,
    Keys<ours.MessageDeltaUsage<ours.BetaUsage>>,
  ];
  params: [Keys<GA.MessageCreateParams>, Keys<ours.MessageCreateParams>];
  'beta params': [Keys<Beta.MessageCreateParams>, Keys<ours.BetaMessageCreateParams>];
  'beta params of countTokens': [
    Keys<Beta.MessageCountTokensParams>,
    Keys<ours.BetaMessageCountTokensParams>,
  ];
  'adaptive thinking fields': [
    Keys<Beta.BetaThinkingConfigAdaptive>,
    Keys<ours.ThinkingConfigAdaptive>,
  ];
  'tool fields': [Keys<GA.Tool>, Keys<ours.Tool>];
  'compaction fields': [Keys<Beta.BetaCompactionBlock>, Keys<ours.BetaCompactionBlock>];
  'image fields': [Keys<GA.ImageBlockParam>, Keys<ours.ImageBlockParam>];
  'tool result fields': [Keys<GA.ToolResultBlockParam>, Keys<ours.ToolResultBlockParam>];
  'system turn fields': [Keys<Beta.BetaSystemMessageParam>, Keys<ours.BetaMessageParam>];
}

/** For each list, what stays different, and why. */
const DELIBERATE = {
  // On the wire, and in our raw streams; the official client hides them.
  'event types': ['ping', 'error'],
  // Older models take them.
  params: ['temperature', 'top_k', 'top_p'],
  // The last is deprecated in favour of `output_config.format`.
  'beta params': ['temperature', 'top_k', 'top_p', 'output_format'],
  'beta params of countTokens': ['output_format'],
  // Ours takes every counter of the message there: the API may send any.
  'beta usage fields of a delta': ['cache_creation', 'inference_geo', 'service_tier', 'speed'],
  // Sent as `output_config.effort` of the request instead; a system turn has text and tool changes.
  'system turn fields': ['clear_at', 'output_config'],
} as const satisfies Partial<Record<keyof Names, readonly string[]>>;

type Listed<K> = K extends keyof typeof DELIBERATE ? (typeof DELIBERATE)[K][number] : never;

/** Names that one side lacks. */
type Differences = {
  [K in keyof Names]: Exclude<
    Exclude<Names[K][0], Names[K][1]> | Exclude<Names[K][1], Names[K][0]>,
    Listed<K>
  >;
};

/** Nothing differs, or what does: the error says `'true' is not assignable to type '"new_block"'`. */
type Equal<T> = { [K in keyof T]: [T[K]] extends [never] ? true : T[K] };

export const equal: Equal<Differences> = {
  'block types': true,
  'beta block types': true,
  'param block types': true,
  'beta param block types': true,
  'delta types': true,
  'beta delta types': true,
  'event types': true,
  'citation types': true,
  'thinking types': true,
  'tool choices': true,
  'stop reasons': true,
  'beta stop reasons': true,
  'effort levels': true,
  models: true,
  'message fields': true,
  'beta message fields': true,
  'usage fields': true,
  'beta usage fields': true,
  'beta usage fields of a delta': true,
  params: true,
  'beta params': true,
  'beta params of countTokens': true,
  'adaptive thinking fields': true,
  'tool fields': true,
  'compaction fields': true,
  'image fields': true,
  'tool result fields': true,
  'system turn fields': true,
};

/** A difference that is gone must leave the list. */
type Gone = {
  [K in keyof typeof DELIBERATE]: Exclude<
    (typeof DELIBERATE)[K][number],
    Exclude<Names[K][0], Names[K][1]> | Exclude<Names[K][1], Names[K][0]>
  >;
};
type NoneGone<T extends Record<keyof typeof DELIBERATE, never>> = T;
export type NothingIsGone = NoneGone<Gone>;
