/* Node, Bun and Deno: `process.mjs ADDRESSES`; a line of JSON on stdout for each check, and `end`. */
import process from 'node:process';
import { blockingChecks } from './blocking.mjs';
import { contractChecks } from './contract.mjs';
import { emulatedChecks } from './emulated.mjs';
import { networkChecks } from './network.mjs';
import { runChecks } from './run.mjs';

const servers = JSON.parse(process.argv[2]);
const report = (result) => process.stdout.write(`${JSON.stringify(result)}\n`);

await runChecks('contract', contractChecks(servers), report);
await runChecks('network', networkChecks(servers), report);
await runChecks('blocking', blockingChecks(servers), report);
await runChecks('emulator', emulatedChecks(servers, 'process'), report);
report('end');
