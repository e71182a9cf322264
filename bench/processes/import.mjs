/* Imports one thing, or nothing; tells the CPU time of this process from its start. */
const ENTRIES = {
  millrace: '../../dist/index.js',
  'millrace/sync': '../../dist/sync.js',
  '@anthropic-ai/sdk': '@anthropic-ai/sdk',
};

const entry = ENTRIES[process.argv[2]];
const imported = entry === undefined ? undefined : await import(entry);
const { user, system } = process.cpuUsage();
process.send({ cost: (user + system) / 1_000, imported: imported !== undefined });
