import type { ClientState } from '../core-options.js';
import { BetaMessageStream } from '../lib/BetaMessageStream.js';
import { MessageStream } from '../lib/MessageStream.js';
import {
  BetaToolRunner,
  type BetaToolRunnerParams,
  type BetaToolRunnerRequestOptions,
  type RunnerClient,
} from '../lib/tools/BetaToolRunner.js';
import { refuseUnsupported } from '../options.js';
import { refuseAbsent } from './absent.js';
import { Batches } from './batches.js';
import { type GetCore, MessageMethods } from './message-methods.js';
import type * as types from './messages-types.js';

/** What the resources of messages need of a client. */
export interface MessagesClient extends ClientState {
  _core: GetCore;
}

/** `client.messages`, and the class that it is an instance of. */
export type Messages = types.Messages;
export const Messages: new (client: MessagesClient) => Messages =
  class Messages extends MessageMethods {
    readonly batches: Batches;

    constructor(client: MessagesClient) {
      super((options) => client._core(options), 'messages', MessageStream);
      this.batches = new Batches(client);
    }
  } as never;

/** `client.beta.messages`, and the class that it is an instance of. */
export type BetaMessages = types.BetaMessages;
export const BetaMessages: new (client: MessagesClient) => BetaMessages =
  class Messages extends MessageMethods {
    readonly batches: Batches;
    readonly #client: MessagesClient;

    constructor(client: MessagesClient) {
      super((options) => client._core(options), 'beta', BetaMessageStream);
      this.batches = new Batches(client, ['message-batches-2024-09-24']);
      this.#client = client;
      refuseAbsent(this, 'client.beta.messages', ['thread'], () => 'write toolRunner()');
    }

    toolRunner(
      params: BetaToolRunnerParams,
      options?: BetaToolRunnerRequestOptions,
    ): BetaToolRunner<boolean> {
      refuseUnsupported(options);
      return new BetaToolRunner(this.#client as unknown as RunnerClient, params, options);
    }
  } as never;
