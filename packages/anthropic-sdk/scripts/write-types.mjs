/*
 * Types under the official names. Each name in names/ is the type that millrace has for it: the same name, or
 * that without `Beta`, or by the table. What millrace has no type for is `any`: it compiles, and checks nothing.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The official name → the type in millrace's namespace. */
const RENAMED = {
  MessageStreamEvent: 'RawMessageStreamEvent',
  MessageCreateParamsBase: 'MessageCreateParams',
  RawContentBlockDelta: 'ContentBlockDelta',
  MessageCountTokensTool: 'ToolUnion',
  ClientToolUnion: 'ToolUnion',
  UserMessageParam: 'MessageParam',
  AssistantMessageParam: 'MessageParam',
  ToolResultContentBlockParam: 'ToolResultContent',
  RequestDocumentBlock: 'DocumentBlockParam',
};

/** Types of this package: `resources/…` have them under their official names. */
const OWN = {
  ModelInfo: 'models',
  ModelListParams: 'models',
  MessageBatch: 'batches',
  MessageBatchIndividualResponse: 'batches',
  BatchCreateParams: 'batches',
  FileMetadata: 'files',
  FileUploadParams: 'files',
};

/** Tools that the API defines, by their dates. */
const SERVER_TOOL = /Tool\w*_?\d{8}$|^Tool(Bash|TextEditor)\d{8}$/;

/** The deep paths with types only, and the edition that they have. */
const PATHS = {
  resources: 'messages',
  'resources/index': 'messages',
  'resources/shared': 'messages',
  'resources/models': 'messages',
  'resources/files': 'messages',
  'resources/skills': 'messages',
  'resources/messages': 'messages',
  'resources/messages/index': 'messages',
  'resources/messages/messages': 'messages',
  'resources/messages/batches': 'messages',
  'resources/beta': 'beta',
  'resources/beta/index': 'beta',
  'resources/beta/beta': 'beta',
  'resources/beta/messages': 'beta',
  'resources/beta/messages/index': 'beta',
  'resources/beta/messages/messages': 'beta',
  'resources/beta/messages/batches': 'beta',
};

export function writeTypes(root, dist) {
  const core = coreNames(join(root, '../../dist/types'));
  const read = (edition) =>
    readFileSync(join(root, 'names', `${edition}.txt`), 'utf8')
      .trim()
      .split('\n');
  const names = { messages: read('messages'), beta: read('beta') };
  for (const edition of ['messages', 'beta']) {
    const lines = names[edition].map((name) => [name, typeOf(name, edition, core)]);
    const typed = lines.filter(([, type]) => type !== 'any');
    const untyped = lines
      .filter(([, type]) => type === 'any')
      .map(([name]) => `Untyped as ${name}`);
    const text = typed.map(([name, type]) => `export type ${name} = ${type};`).join('\n');
    const rest = `type Untyped = any;\nexport type { ${untyped.join(', ')} };\n`;
    write(join(dist, `types/${edition}.d.ts`), `${HEAD}${text}\n${rest}${TAIL[edition]}`);
    write(join(dist, `types/${edition}.js`), TAIL[edition]);
  }
  for (const [path, edition] of Object.entries(PATHS)) {
    const up = '../'.repeat(path.split('/').length - 1) || './';
    write(join(dist, `${path}.d.ts`), `export * from '${up}types/${edition}.js';\n`);
    write(join(dist, `${path}.js`), `export * from '${up}types/${edition}.js';\n`);
  }
  addNamespace(join(dist, 'client.d.ts'), names);
}

const HEAD = `import type { Anthropic as Core } from 'millrace';
import type * as models from '../api/models.js';
import type * as batches from '../api/batches.js';
import type * as files from '../api/files.js';
`;

/** The classes at these paths, which are types too. */
const TAIL = {
  messages: `
export { MessageStream } from '../lib/MessageStream.js';
export { Models } from '../api/models.js';
export { Batches } from '../api/batches.js';
export { Files } from '../api/files.js';
export { Skills } from '../api/skills.js';
export { Messages } from '../api/messages.js';
`,
  beta: `
export { BetaMessageStream } from '../lib/BetaMessageStream.js';
export { Beta } from '../api/beta.js';
export { ToolError } from '../lib/tools/ToolError.js';
export { BetaMessages as Messages } from '../api/messages.js';
`,
};

function typeOf(name, edition, core) {
  const plain = name.replace(/^Beta(?=[A-Z])/, '');
  if (OWN[plain]) return `${OWN[plain]}.${plain}`;
  const isBeta = edition === 'beta';
  const candidates = isBeta ? [`Beta${plain}`, plain] : [name];
  const renamed = RENAMED[plain];
  if (isBeta && core.beta.has(name)) return `Core.Beta.${name}`;
  for (const each of renamed ? [renamed, `Beta${renamed}`] : candidates) {
    if (isBeta && core.beta.has(each)) return `Core.Beta.${each}`;
    if (core.all.has(each)) return `Core.Messages.${each}`;
  }
  if (SERVER_TOOL.test(plain)) return 'Core.Messages.ServerTool';
  return 'any';
}

/** What millrace has: all types of the API, and those of `Anthropic.Beta`. */
function coreNames(types) {
  const all = new Set();
  const api = readFileSync(join(types, 'wire/api.d.ts'), 'utf8');
  for (const [, file] of api.matchAll(/from '\.\/([\w-]+)\.js'/g)) {
    const text = readFileSync(join(types, 'wire', `${file}.d.ts`), 'utf8');
    for (const [, name] of text.matchAll(/^export (?:declare )?(?:interface|type) (\w+)/gm))
      all.add(name);
  }
  const client = readFileSync(join(types, 'client.d.ts'), 'utf8');
  const beta = client.slice(client.indexOf('namespace Beta'));
  const names = [...beta.matchAll(/type (\w+) =/g)].map(([, name]) => name);
  return { all, beta: new Set(names) };
}

/** `Anthropic.MessageParam`, `Anthropic.Messages.MessageParam`, `Anthropic.Beta.BetaMessage`. */
function addNamespace(file, { messages }) {
  const own = readFileSync(file, 'utf8').replace(/\/\/# sourceMappingURL.*/, '');
  // An alias with the name of a static member would mean itself.
  const isShared = (name) => own.includes(`static readonly ${name}:`);
  const [shared, alone] = [messages.filter(isShared), messages.filter((name) => !isShared(name))];
  const text = `
import type * as MessagesTypes from './types/messages.js';
import type { ${alone.join(', ')} } from './types/messages.js';
import type * as BetaTypes from './types/beta.js';
import type * as BetaNamespace from './types/beta-namespace.js';

export declare namespace Anthropic {
  export type { MessagesTypes as Messages, BetaNamespace as Beta, ClientOptions, RequestOptions };
  export type { ${alone.join(', ')} };
${shared.map((name) => `  export type ${name} = MessagesTypes.${name};`).join('\n')}
}
`;
  writeFileSync(file, `${own}${text}`);
  const folder = dirname(file);
  write(
    join(folder, 'types/beta-namespace.d.ts'),
    `export type * from './beta.js';\nexport type * as Messages from './beta.js';\n`,
  );
  write(join(folder, 'types/beta-namespace.js'), 'export {};\n');
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
