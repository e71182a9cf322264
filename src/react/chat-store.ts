import {
  type ContentBlockParam,
  type MessageParam,
  type MessageStream,
  RunStream,
  type ToolEvent,
  type ToolResultBlockParam,
  type ToolUseBlock,
  toMessageParam,
} from '../index.js';
import type { Open, OpenAfter, Status } from './message-store.js';
import { Store } from './store.js';

/** A tool call of the latest answer. */
export interface ChatCall {
  toolUse: ToolUseBlock;
  /** `asked`: it waits for approval; `deferred`: the run has ended, and the call has no result yet. */
  state: 'asked' | 'running' | 'done' | 'deferred';
  /** For `decide`, where it was asked about. */
  approvalId?: string;
  /** What the tool reported last. */
  update?: unknown;
  result?: ToolResultBlockParam;
}

/** A chat as it is shown. */
export interface ChatState {
  /** The conversation, the answer that is being written included. */
  messages: readonly MessageParam[];
  /** `submitted` until the first event of an answer. */
  status: Status;
  /** Why the status is `error`. What came before it stays in `messages`. */
  error: Error | undefined;
  /** The tool calls of the latest answer, by the id of the call. */
  calls: Readonly<Record<string, ChatCall>>;
}

/** Decides on a call, for your server: `response` is that of the answer. */
export type Decide = (id: string, verdict: boolean | string, response: Response) => unknown;

/** What a chat does with its server. */
export interface ChatRequests {
  /** Sends the conversation. */
  open: (messages: readonly MessageParam[], signal: AbortSignal) => Promise<Response>;
  decide: Decide | undefined;
}

type Content = string | ContentBlockParam[];

const NO_CALLS = {};

/** A conversation, and the answer to its last turn. */
export class ChatStore extends Store<ChatState> {
  /** Read at each use: options of a hook change from render to render. */
  requests: ChatRequests;
  #leaving = new AbortController();
  #response: Response | undefined;

  constructor(messages: readonly MessageParam[], requests: ChatRequests) {
    super({ messages, status: 'ready', error: undefined, calls: NO_CALLS });
    this.requests = requests;
  }

  send(content: Content): Promise<void> {
    this.#settle();
    return this.#answer([...this.state().messages, { role: 'user', content }]);
  }

  /** Asks once more for the answer to the last question. */
  regenerate(): Promise<void> {
    this.#settle();
    return this.#answer(this.#asked());
  }

  /** Reads the answer to the last question, which is being written already, or a whole conversation. */
  resume(open: Open): Promise<void> {
    this.#settle();
    return this.#read(this.#asked(), (signal) => this.#received(open, signal));
  }

  /** The same over any number of connections. */
  follow(open: OpenAfter): Promise<void> {
    this.#settle();
    return this.#read(this.#asked(), async (signal, nothing) =>
      RunStream.follow(
        async (lastEventId, leaving) => {
          const response = await open(lastEventId, leaving);
          this.#response = response;
          if (response.status === 204 && lastEventId === undefined) nothing();
          return response;
        },
        { signal },
      ),
    );
  }

  /** The conversation up to the last question. */
  #asked(): readonly MessageParam[] {
    const { messages } = this.state();
    return messages.slice(0, messages.findLastIndex(isQuestion) + 1);
  }

  setMessages(messages: readonly MessageParam[]): void {
    this.stop();
    this.set({ messages, calls: NO_CALLS });
  }

  async decide(id: string, verdict: boolean | string): Promise<void> {
    if (this.#response !== undefined) await this.requests.decide?.(id, verdict, this.#response);
  }

  stop(): void {
    this.#settle();
  }

  /** Ends what is being read: its outcome is set in this turn. */
  #settle(): void {
    this.#leaving.abort();
    this.#leaving = new AbortController();
  }

  #answer(messages: readonly MessageParam[]): Promise<void> {
    this.set({ messages });
    const open: Open = (signal) => this.requests.open(messages, signal);
    return this.#read(messages, (signal) => this.#received(open, signal));
  }

  async #received(open: Open, signal: AbortSignal): Promise<RunStream | undefined> {
    const response = await open(signal);
    if (signal.aborted) return undefined;
    this.#response = response;
    return response.status === 204 ? undefined : RunStream.from(response, { signal });
  }

  /** @param start opens the answer; undefined for none. It may learn later that there is nothing to read. */
  async #read(
    before: readonly MessageParam[],
    start: (signal: AbortSignal, nothing: () => void) => Promise<RunStream | undefined>,
  ): Promise<void> {
    const leaving = new AbortController();
    const { signal } = leaving;
    this.#leaving = leaving;
    const answer = new Answer(before);
    const settled = (): Partial<ChatState> =>
      answer.isStarted ? { messages: answer.settled(), calls: answer.calls } : {};
    this.set({ status: 'submitted', error: undefined, calls: NO_CALLS });
    // At once, even where the request ignores its signal; later events are not shown.
    const stopped = (): void => this.set({ ...settled(), status: 'ready' });
    signal.addEventListener('abort', stopped);
    let isNothing = false;
    try {
      const run = await start(signal, () => {
        isNothing = true;
      });
      await answer.read(run, () => {
        if (!signal.aborted) this.change(() => ({ ...answer.shown(), status: 'streaming' }));
      });
      if (!signal.aborted) this.set({ ...settled(), status: 'ready' });
    } catch (error) {
      if (signal.aborted) return;
      if (isNothing) this.set({ status: 'ready' });
      else this.set({ ...settled(), status: 'error', error: error as Error });
    } finally {
      signal.removeEventListener('abort', stopped);
    }
  }
}

/** The turns of an answer as they arrive. */
class Answer {
  #before: readonly MessageParam[];
  #run: RunStream | undefined;
  #turn: MessageStream | undefined;
  /** How many messages the run had before this turn. */
  #complete = 0;
  #hasBegun = false;
  #calls: Record<string, ChatCall> = NO_CALLS;

  constructor(before: readonly MessageParam[]) {
    this.#before = before;
  }

  get isStarted(): boolean {
    return this.#turn !== undefined;
  }

  get calls(): ChatState['calls'] {
    return this.#calls;
  }

  async read(run: RunStream | undefined, changed: () => void): Promise<void> {
    if (run === undefined) return;
    this.#run = run;
    run.on('turn', (stream) => {
      this.#turn = stream;
      this.#complete = run.messages.length;
    });
    run.on('event', (event) => {
      this.#begin();
      if ('toolUse' in event) this.#call(event as ToolEvent);
      changed();
    });
    // The end is the last thing that listeners hear: an event after it would show the answer as unfinished.
    const done = run.untilDone();
    await new Promise<void>((resolve) => run.on('end', resolve));
    await done;
    for (const toolUse of run.deferredToolCalls) this.#change(toolUse, { state: 'deferred' });
  }

  shown(): Pick<ChatState, 'messages' | 'calls'> {
    const { content = [] } = this.#open ?? {};
    const turn = { role: 'assistant', content } as MessageParam;
    return { messages: this.#with(content.length === 0 ? [] : [turn]), calls: this.#calls };
  }

  /** The messages as they can be sent: without half blocks, and calls that have no result. */
  settled(): MessageParam[] {
    this.#begin();
    const message = this.#open;
    if (message === undefined) return this.#with([]);
    const content = message.content.filter(({ type }) => type !== 'tool_use');
    const turn = toMessageParam({ ...message, content });
    return this.#with(turn.content.length === 0 ? [] : [turn]);
  }

  /** Before the first event a run has only its history, which is then the whole conversation. */
  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#complete = this.#run?.messages.length ?? 0;
    if (this.#complete > 0) this.#before = [];
  }

  /** The message of a turn that is not complete. */
  get #open(): MessageStream['currentMessageSnapshot'] {
    const isComplete = (this.#run?.messages.length ?? 0) > this.#complete;
    return isComplete ? undefined : this.#turn?.currentMessageSnapshot;
  }

  #with(rest: readonly MessageParam[]): MessageParam[] {
    return [...this.#before, ...(this.#run?.messages ?? []), ...rest];
  }

  #call(event: ToolEvent): void {
    const { toolUse } = event;
    const change: Partial<ChatCall> = {
      tool_approval: { state: 'asked', approvalId: (event as { id?: string }).id },
      tool_start: { state: 'running' },
      tool_update: { update: (event as { update?: unknown }).update },
      tool_result: { state: 'done', result: (event as { result?: ToolResultBlockParam }).result },
    }[event.type] as Partial<ChatCall>;
    this.#change(toolUse, change);
  }

  #change(toolUse: ToolUseBlock, change: Partial<ChatCall>): void {
    const before = this.#calls[toolUse.id] ?? { toolUse, state: 'running' };
    this.#calls = { ...this.#calls, [toolUse.id]: { ...before, ...change } };
  }
}

/** Whether a turn is a user's, and not just the results of tools. */
function isQuestion({ role, content }: MessageParam): boolean {
  if (role !== 'user') return false;
  return typeof content === 'string' || content.some(({ type }) => type !== 'tool_result');
}
