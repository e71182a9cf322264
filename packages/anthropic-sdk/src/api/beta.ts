import type { ClientState } from '../core-options.js';
import { BetaMessageStream } from '../lib/BetaMessageStream.js';
import {
  BetaToolRunner,
  type BetaToolRunnerParams,
  type BetaToolRunnerRequestOptions,
  type RunnerClient,
} from '../lib/tools/BetaToolRunner.js';
import { refuseUnsupported } from '../options.js';
import { refuseAbsent } from './absent.js';
import { Batches } from './batches.js';
import { Files } from './files.js';
import { type GetCore, MessageMethods } from './message-methods.js';
import type { BetaMessages } from './messages-types.js';
import { Models } from './models.js';
import { SKILLS_BETA, Skills } from './skills.js';

/** `client.beta`. */
export class Beta {
  readonly messages: BetaMessages;
  readonly models: Models;
  readonly files: Files;
  readonly skills: Skills;

  constructor(client: ClientState, getCore: GetCore) {
    const methods = new MessageMethods(getCore, 'beta', BetaMessageStream);
    this.messages = Object.assign(methods, {
      batches: new Batches(client, ['message-batches-2024-09-24']),
      toolRunner: (params: BetaToolRunnerParams, options?: BetaToolRunnerRequestOptions) => {
        refuseUnsupported(options);
        return new BetaToolRunner(client as unknown as RunnerClient, params, options);
      },
    }) as unknown as BetaMessages;
    this.models = new Models(client);
    this.files = new Files(client, ['files-api-2025-04-14']);
    this.skills = new Skills(client, SKILLS_BETA);
    refuseAbsent(this, 'client.beta', ABSENT);
  }
}

const ABSENT = [
  'agents',
  'compliance',
  'deploymentRuns',
  'deployments',
  'dreams',
  'environments',
  'memoryStores',
  'organization',
  'sessions',
  'tunnels',
  'userProfiles',
  'vaults',
  'webhooks',
];
