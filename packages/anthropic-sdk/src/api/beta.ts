import { refuseAbsent } from './absent.js';
import { Files } from './files.js';
import { BetaMessages, type MessagesClient } from './messages.js';
import { Models } from './models.js';
import { SKILLS_BETA, Skills } from './skills.js';

/** `client.beta`. */
export class Beta {
  readonly messages: BetaMessages;
  readonly models: Models;
  readonly files: Files;
  readonly skills: Skills;

  constructor(client: MessagesClient) {
    this.messages = new BetaMessages(client);
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
