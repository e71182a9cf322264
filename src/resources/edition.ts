import type { BatchCreateParams } from '../wire/batches.js';
import type { AnyMessage, BetaMessage } from '../wire/beta.js';
import type {
  BetaBatchCreateParams,
  BetaMessageCountTokensParams,
  BetaMessageStreamParams,
  BetaMessageTokensCount,
} from '../wire/beta-params.js';
import type { Message, MessageTokensCount } from '../wire/message.js';
import type { MessageCountTokensParams, MessageStreamParams } from '../wire/params.js';

/** The types of one edition of the API. */
export interface Edition {
  message: AnyMessage;
  stream: MessageStreamParams | BetaMessageStreamParams;
  countTokens: object;
  tokensCount: object;
  batch: object;
}

/** What is generally available: the types of `client.messages`. */
export interface GA {
  message: Message;
  stream: MessageStreamParams;
  countTokens: MessageCountTokensParams;
  tokensCount: MessageTokensCount;
  batch: BatchCreateParams;
}

/** With what is in beta: the types of `client.beta.messages`. */
export interface Beta {
  message: BetaMessage;
  stream: BetaMessageStreamParams;
  countTokens: BetaMessageCountTokensParams;
  tokensCount: BetaMessageTokensCount;
  batch: BetaBatchCreateParams;
}
