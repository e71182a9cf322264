import { describe, expectTypeOf, it } from 'vitest';
import type {
  AnyMessage,
  BetaCompactionBlock,
  BetaCompactionContentBlockDelta,
  BetaContentBlock,
  BetaContentBlockDelta,
  BetaContextManagementResponse,
  BetaInputTransformation,
  BetaMCPToolUseBlock,
  BetaMessage,
  BetaStopReason,
} from '../../src/wire/beta.js';
import type {
  BetaMessageCountTokensParams,
  BetaMessageCreateParamsStreaming,
  BetaMessageParam,
  BetaMessageStreamParams,
} from '../../src/wire/beta-params.js';
import type {
  CodeExecutionToolResultBlock,
  ContentBlock,
  TextBlock,
  ToolUseBlock,
  UnknownBlock,
} from '../../src/wire/blocks.js';
import type { CitationPageLocation, TextCitation } from '../../src/wire/citations.js';
import type { ContentBlockParam } from '../../src/wire/content-params.js';
import type { ContentBlockDelta, UnknownDelta } from '../../src/wire/deltas.js';
import type { ErrorBody } from '../../src/wire/errors.js';
import type {
  ContentBlockStopEvent,
  MessageStopEvent,
  MessageStreamEvent,
  PingEvent,
  RawContentBlockStopEvent,
  RawMessageDeltaEvent,
  RawMessageStartEvent,
  RawMessageStopEvent,
  RawMessageStreamEvent,
  UnknownEvent,
} from '../../src/wire/events.js';
import type { Message, StopReason } from '../../src/wire/message.js';
import type { UnknownType } from '../../src/wire/open.js';
import type {
  MessageCountTokensParams,
  MessageCreateParams,
  MessageCreateParamsNonStreaming,
  MessageCreateParamsStreaming,
  MessageParam,
  MessageStreamParams,
} from '../../src/wire/params.js';
import type { CodeExecutionResultBlock } from '../../src/wire/server-tool-results.js';
import type { ToParam } from '../../src/wire/to-param.js';
import type { ServerTool, ToolUnion } from '../../src/wire/tools.js';
import type { BetaIterationUsage, BetaUsage, Usage } from '../../src/wire/usage.js';

// Checked by the compiler, never run.
declare const message: Message;
declare const betaMessage: BetaMessage;

describe('open unions', () => {
  it('narrows raw events', () => {
    const event = {} as RawMessageStreamEvent;
    switch (event.type) {
      case 'message_start':
        return expectTypeOf(event).toEqualTypeOf<RawMessageStartEvent>();
      case 'content_block_start':
        return expectTypeOf(event.content_block).toEqualTypeOf<ContentBlock>();
      case 'content_block_delta':
        return expectTypeOf(event.delta).toEqualTypeOf<ContentBlockDelta>();
      case 'content_block_stop':
        return expectTypeOf(event).toEqualTypeOf<RawContentBlockStopEvent>();
      case 'message_delta':
        return expectTypeOf(event).toEqualTypeOf<RawMessageDeltaEvent>();
      case 'message_stop':
        return expectTypeOf(event).toEqualTypeOf<RawMessageStopEvent>();
      case 'ping':
        return expectTypeOf(event).toEqualTypeOf<PingEvent>();
      case 'error':
        return expectTypeOf(event).toEqualTypeOf<ErrorBody>();
      default:
        return expectTypeOf(event).toEqualTypeOf<UnknownEvent>();
    }
  });

  it('narrows the events of a MessageStream', () => {
    const event = {} as MessageStreamEvent;
    switch (event.type) {
      case 'message_start':
      case 'content_block_start':
      case 'content_block_delta':
      case 'message_delta':
        return;
      case 'content_block_stop':
        return expectTypeOf(event).toEqualTypeOf<ContentBlockStopEvent>();
      case 'message_stop':
        return expectTypeOf(event).toEqualTypeOf<MessageStopEvent>();
      default:
        return expectTypeOf(event).toEqualTypeOf<UnknownEvent>();
    }
  });

  it('leaves no ping and no error in a MessageStream', () => {
    expectTypeOf<Exclude<MessageStreamEvent['type'], UnknownType>>().toEqualTypeOf<
      | 'message_start'
      | 'content_block_start'
      | 'content_block_delta'
      | 'content_block_stop'
      | 'message_delta'
      | 'message_stop'
    >();
  });

  it('narrows deltas', () => {
    const delta = {} as ContentBlockDelta;
    switch (delta.type) {
      case 'text_delta':
        return expectTypeOf(delta.text).toEqualTypeOf<string>();
      case 'thinking_delta':
        return expectTypeOf(delta.thinking).toEqualTypeOf<string>();
      case 'input_json_delta':
        return expectTypeOf(delta.partial_json).toEqualTypeOf<string>();
      case 'citations_delta':
        return expectTypeOf(delta.citation).toEqualTypeOf<TextCitation>();
      case 'signature_delta':
        return expectTypeOf(delta.signature).toEqualTypeOf<string>();
      default:
        return expectTypeOf(delta).toEqualTypeOf<UnknownDelta>();
    }
  });

  it('narrows blocks with if, find and filter', () => {
    const { content } = message;
    for (const block of content) {
      if (block.type === 'tool_use') expectTypeOf(block).toEqualTypeOf<ToolUseBlock>();
    }
    expectTypeOf(content.find((block) => block.type === 'text')).toEqualTypeOf<
      TextBlock | undefined
    >();
    expectTypeOf(content.filter((block) => block.type === 'text')).toEqualTypeOf<TextBlock[]>();
  });

  it('narrows what is nested', () => {
    const citation = {} as TextCitation;
    if (citation.type === 'page_location') {
      expectTypeOf(citation).toEqualTypeOf<CitationPageLocation>();
    }
    const { content } = {} as CodeExecutionToolResultBlock;
    if (content.type === 'code_execution_result') {
      expectTypeOf(content).toEqualTypeOf<CodeExecutionResultBlock>();
    }
  });

  it('gives the type of an unknown member as a string, and its fields as unknown', () => {
    const block = {} as UnknownBlock;
    const type: string = block.type;
    expectTypeOf(type === 'brand_new').toEqualTypeOf<boolean>();
    expectTypeOf(block.any_field).toEqualTypeOf<unknown>();
  });

  it('lets a member be made that is newer than the types', () => {
    expectTypeOf({
      type: 'brand_new' as UnknownType,
      field: 1,
    }).toExtend<ContentBlockParam & ContentBlock & UnknownEvent>();
  });

  it('keeps the known strings and takes any other', () => {
    expectTypeOf<'end_turn'>().toExtend<StopReason>();
    expectTypeOf<string>().toExtend<StopReason>();
    expectTypeOf<string>().toExtend<ErrorBody['error']['type']>();
    // @ts-expect-error a stop reason is a string
    const reason: StopReason = 1;
    return reason;
  });
});

describe('usage', () => {
  it('has known counters with their types', () => {
    const { usage } = message;
    expectTypeOf(usage.input_tokens).toEqualTypeOf<number>();
    expectTypeOf(usage.cache_read_input_tokens).toEqualTypeOf<number | null | undefined>();
    expectTypeOf(usage.server_tool_use?.web_search_requests).toEqualTypeOf<number | undefined>();
  });

  it('has unknown counters', () => {
    expectTypeOf(message.usage.brand_new_tokens).toEqualTypeOf<unknown>();
    expectTypeOf(message.usage.server_tool_use?.brand_new_requests).toEqualTypeOf<unknown>();
    expectTypeOf({} as RawMessageDeltaEvent['usage']['brand_new_tokens']).toEqualTypeOf<unknown>();
  });

  it('is nullable in message_delta, except for output_tokens', () => {
    const { usage } = {} as RawMessageDeltaEvent;
    expectTypeOf(usage.output_tokens).toEqualTypeOf<number>();
    expectTypeOf(usage.input_tokens).toEqualTypeOf<number | null | undefined>();
  });

  it('adds the beta counters', () => {
    expectTypeOf<BetaUsage>().toExtend<Usage>();
    expectTypeOf(betaMessage.usage.iterations).toEqualTypeOf<
      BetaIterationUsage[] | null | undefined
    >();
  });
});

describe('beta', () => {
  it('narrows the events to beta blocks, deltas and fields', () => {
    const event = {} as RawMessageStreamEvent<BetaMessage>;
    switch (event.type) {
      case 'message_start':
        return expectTypeOf(event.message).toEqualTypeOf<BetaMessage>();
      case 'content_block_start':
        return expectTypeOf(event.content_block).toEqualTypeOf<BetaContentBlock>();
      case 'content_block_delta':
        return expectTypeOf(event.delta).toEqualTypeOf<BetaContentBlockDelta>();
      case 'message_delta':
        expectTypeOf(event.delta.stop_reason).toEqualTypeOf<BetaStopReason | null>();
        expectTypeOf(event.usage.iterations).toEqualTypeOf<
          BetaIterationUsage[] | null | undefined
        >();
        expectTypeOf(event.context_management).toEqualTypeOf<
          BetaContextManagementResponse | null | undefined
        >();
        return expectTypeOf(event.input_transformations).toEqualTypeOf<
          BetaInputTransformation[] | null | undefined
        >();
      default:
        return;
    }
  });

  it('narrows blocks', () => {
    const block = {} as BetaContentBlock;
    switch (block.type) {
      case 'text':
        return expectTypeOf(block).toEqualTypeOf<TextBlock>();
      case 'mcp_tool_use':
        return expectTypeOf(block).toEqualTypeOf<BetaMCPToolUseBlock>();
      case 'compaction':
        return expectTypeOf(block).toEqualTypeOf<BetaCompactionBlock>();
      case 'fallback':
        return expectTypeOf(block.to.model).toExtend<string>();
      default:
        return expectTypeOf<UnknownBlock>().toExtend<typeof block>();
    }
  });

  it('narrows deltas', () => {
    const delta = {} as BetaContentBlockDelta;
    switch (delta.type) {
      case 'thinking_delta':
        return expectTypeOf(delta.estimated_tokens).toEqualTypeOf<number | null | undefined>();
      case 'compaction_delta':
        return expectTypeOf(delta).toEqualTypeOf<BetaCompactionContentBlockDelta>();
      case 'text_delta':
      case 'input_json_delta':
      case 'citations_delta':
      case 'signature_delta':
        return;
      default:
        return expectTypeOf(delta).toEqualTypeOf<UnknownDelta>();
    }
  });

  it('gives a MessageStream of beta messages', () => {
    const event = {} as MessageStreamEvent<BetaMessage>;
    if (event.type === 'message_stop') {
      expectTypeOf(event.message).toEqualTypeOf<BetaMessage>();
    }
    if (event.type === 'content_block_stop') {
      expectTypeOf(event.content_block).toEqualTypeOf<BetaContentBlock>();
    }
    expectTypeOf({ type: 'message_stop' as const, message: betaMessage }).toExtend<
      MessageStreamEvent<BetaMessage>
    >();
  });

  it('takes every GA message and event, not the other way round', () => {
    expectTypeOf<Message>().toExtend<AnyMessage>();
    expectTypeOf<BetaMessage>().toExtend<AnyMessage>();
    expectTypeOf<RawMessageStreamEvent>().toExtend<RawMessageStreamEvent<AnyMessage>>();
    expectTypeOf<MessageStreamEvent>().toExtend<MessageStreamEvent<AnyMessage>>();
    expectTypeOf<BetaMessage>().not.toExtend<Message>();
  });

  it('keeps beta fields out of GA', () => {
    expectTypeOf<RawMessageDeltaEvent>().not.toHaveProperty('context_management');
    expectTypeOf<Message>().not.toHaveProperty('context_management');
    expectTypeOf<ContentBlock['type'] & 'compaction'>().toBeNever();
  });

  it('works for a message with more fields', () => {
    type Parsed = Message & { parsed_output: { answer: number } };
    type BetaParsed = BetaMessage & { parsed_output: { answer: number } };
    const event = {} as MessageStopEvent<Parsed>;
    expectTypeOf(event.message.parsed_output.answer).toEqualTypeOf<number>();
    type DeltaEvent<M extends AnyMessage> = Extract<
      RawMessageStreamEvent<M>,
      { type: 'content_block_delta' }
    >;
    expectTypeOf<DeltaEvent<Parsed>['delta']>().toEqualTypeOf<ContentBlockDelta>();
    expectTypeOf<DeltaEvent<BetaParsed>['delta']>().toEqualTypeOf<BetaContentBlockDelta>();
  });
});

describe('sending back', () => {
  it('takes the content of an answer', () => {
    const messages: MessageParam[] = [];
    messages.push({ role: 'assistant', content: message.content });
    messages.push(message);
  });

  it('takes the content of a beta answer', () => {
    const messages: BetaMessageParam[] = [];
    messages.push({ role: 'assistant', content: betaMessage.content });
    messages.push({ role: 'assistant', content: message.content });
  });

  it('takes beta blocks in beta only', () => {
    // @ts-expect-error a GA request cannot carry beta blocks
    const param: MessageParam = { role: 'assistant', content: betaMessage.content };
    return param;
  });

  it('takes frozen answers', () => {
    expectTypeOf<ToParam<Message>>().toExtend<MessageParam>();
    expectTypeOf<ToParam<BetaMessage>>().toExtend<BetaMessageParam>();
  });

  it('takes a cache breakpoint on a block that came back', () => {
    const content: ContentBlockParam[] = message.content.map((block) =>
      block.type === 'tool_use' ? { ...block, cache_control: { type: 'ephemeral' } } : block,
    );
    return content;
  });
});

describe('params', () => {
  const required = { model: 'claude-opus-4-8', max_tokens: 1024 } as const;
  const messages = [{ role: 'user', content: 'Hi' }] as const;

  it('takes the required ones', () => {
    expectTypeOf({ ...required, messages }).toExtend<MessageStreamParams>();
    expectTypeOf({ ...required, messages }).toExtend<BetaMessageStreamParams>();
  });

  it('takes everything as const', () => {
    const params = {
      ...required,
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'text',
              text: 'What is this?',
              cache_control: { type: 'ephemeral', ttl: '1h' },
            },
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
            {
              type: 'document',
              source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
              citations: { enabled: true },
            },
          ],
        },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'toolu_1',
              content: [{ type: 'text', text: 'a cat' }],
            },
          ],
        },
      ],
      system: [{ type: 'text', text: 'Be brief.' }],
      stop_sequences: ['END'],
      thinking: { type: 'enabled', budget_tokens: 2048, display: 'omitted' },
      tools: [
        { name: 'look', input_schema: { type: 'object', properties: {}, required: ['at'] } },
        { type: 'web_search_20260318', name: 'web_search', max_uses: 3 },
      ],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      metadata: { user_id: 'u-1' },
      container: { skills: [{ type: 'anthropic', skill_id: 'pdf' }] },
      output_config: { effort: 'high', format: { type: 'json_schema', schema: {} } },
      user_profile_id: 'up_1',
      workspace_id: 'wrkspc_1',
    } as const;
    expectTypeOf(params).toExtend<MessageStreamParams>();
    expectTypeOf(params).toExtend<BetaMessageStreamParams>();
  });

  it('takes the beta ones', () => {
    expectTypeOf({
      ...required,
      messages,
      betas: ['mcp-client-2025-11-20'],
      mcp_servers: [{ type: 'url', name: 'echo', url: 'https://example.com/mcp' }],
      context_management: {
        edits: [{ type: 'clear_tool_uses_20250919', keep: { type: 'tool_uses', value: 3 } }],
      },
      compaction: { type: 'summarize' },
      fallbacks: [{ model: 'claude-sonnet-4-5' }],
      fallback_credit_token: 'fct_1',
      thread: { type: 'continue', previous_message_id: 'msg_1' },
      billing_policy: { type: 'billing_policy', bill_to: 'self' },
    } as const).toExtend<BetaMessageStreamParams>();
  });

  it('takes undefined for what is optional, everywhere', () => {
    const tool: ToolUnion = {
      name: 'look',
      input_schema: { type: 'object', required: undefined },
      type: undefined,
      description: undefined,
      strict: undefined,
      cache_control: undefined,
      input_examples: undefined,
    };
    const params: MessageStreamParams = {
      ...required,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hi', cache_control: undefined, citations: undefined },
            { type: 'tool_result', tool_use_id: 'a', content: undefined, is_error: undefined },
          ],
        },
        {
          role: 'assistant',
          // A block of a response, as a param.
          content: [{ type: 'tool_use', id: 'a', name: 'look', input: {}, caller: undefined }],
        },
      ],
      system: undefined,
      stop_sequences: undefined,
      temperature: undefined,
      top_p: undefined,
      top_k: undefined,
      thinking: { type: 'adaptive', display: undefined },
      tools: [tool, { type: 'web_search_20260318', name: undefined }],
      tool_choice: { type: 'auto', disable_parallel_tool_use: undefined },
      metadata: { user_id: undefined },
      service_tier: undefined,
      container: { id: undefined, skills: [{ type: 'custom', skill_id: 's', version: undefined }] },
      output_config: { effort: undefined, format: undefined },
      user_profile_id: undefined,
    };
    const beta: BetaMessageStreamParams = {
      ...params,
      betas: undefined,
      mcp_servers: [
        { type: 'url', name: 'a', url: 'u', tool_configuration: { enabled: undefined } },
      ],
      context_management: { edits: undefined },
      output_config: { task_budget: { type: 'tokens', total: 1, remaining: undefined } },
    };
    const counted: MessageCountTokensParams = { model: 'm', messages, system: undefined };
    const create: MessageCreateParams = { ...params, stream: undefined };
    return [beta, counted, create];
  });

  it('keeps undefined out of answers', () => {
    // @ts-expect-error the API sends null, or nothing
    const block: ToolUseBlock = {
      type: 'tool_use',
      id: 'a',
      name: 'b',
      input: 1,
      caller: undefined,
    };
    return block;
  });

  it('requires a model', () => {
    // @ts-expect-error no model
    const params: MessageStreamParams = { max_tokens: 1024, messages };
    return params;
  });

  it('requires max_tokens', () => {
    // @ts-expect-error no max_tokens
    const params: MessageStreamParams = { model: 'claude-opus-4-8', messages };
    return params;
  });

  it('requires messages', () => {
    // @ts-expect-error no messages
    const params: BetaMessageStreamParams = { ...required };
    return params;
  });

  it('refuses a wrong role', () => {
    // @ts-expect-error no such role
    const param: MessageParam = { role: 'bot', content: 'Hi' };
    return param;
  });

  it('refuses a misspelled param, and a misspelled field of a block', () => {
    // @ts-expect-error stop_sequence
    const params: MessageStreamParams = { ...required, messages, stop_sequence: ['END'] };
    // @ts-expect-error cachecontrol
    const block: ContentBlockParam = { type: 'text', text: 'Hi', cachecontrol: null };
    return [params, block];
  });

  it('refuses beta params in GA', () => {
    // @ts-expect-error beta
    const params: MessageStreamParams = { ...required, messages, betas: ['a'] };
    return params;
  });

  it('takes stream where it decides what comes back', () => {
    expectTypeOf<MessageCreateParamsStreaming>().toExtend<MessageCreateParams>();
    expectTypeOf<MessageCreateParamsNonStreaming>().toExtend<MessageCreateParams>();
    expectTypeOf<MessageStreamParams>().toExtend<MessageCreateParamsNonStreaming>();
    expectTypeOf<MessageStreamParams>().not.toExtend<MessageCreateParamsStreaming>();
    expectTypeOf<BetaMessageStreamParams>().not.toExtend<BetaMessageCreateParamsStreaming>();
    expectTypeOf<MessageStreamParams>().not.toHaveProperty('stream');
  });

  it('takes any server tool, and any model', () => {
    expectTypeOf({ type: 'brand_new_20270101', name: 'brand_new', knob: 1 }).toExtend<ServerTool>();
    expectTypeOf({ type: 'mcp_toolset', mcp_server_name: 'echo' }).toExtend<ToolUnion>();
    expectTypeOf<string>().toExtend<MessageStreamParams['model']>();
  });

  it('refuses a custom tool without a schema', () => {
    // @ts-expect-error no input_schema
    const tool: ToolUnion = { name: 'look' };
    return tool;
  });

  it('counts tokens without max_tokens', () => {
    expectTypeOf({ model: 'claude-opus-4-8', messages }).toExtend<MessageCountTokensParams>();
    expectTypeOf({
      model: 'claude-opus-4-8',
      messages,
      betas: ['a'],
    }).toExtend<BetaMessageCountTokensParams>();
    expectTypeOf<MessageCountTokensParams>().not.toHaveProperty('max_tokens');
  });
});
