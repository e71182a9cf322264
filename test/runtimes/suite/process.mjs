/* Node, Bun and Deno: `process.mjs ADDRESSES`; a line of JSON on stdout for each check, and `end`. */
import process from 'node:process';
import { blockingChecks } from './blocking.mjs';
import { OWN_PROCESS } from './collect.mjs';
import { contractChecks } from './contract.mjs';
import { emulatedChecks } from './emulated.mjs';
import { followChecks } from './follow.mjs';
import { memoryChecks } from './memory.mjs';
import { networkChecks } from './network.mjs';
import { runChecks } from './run.mjs';

const servers = JSON.parse(process.argv[2]);
const report = (result) => process.stdout.write(`${JSON.stringify(result)}\n`);

await runChecks('contract', contractChecks(servers), report);
await runChecks('network', networkChecks(servers), report);
await runChecks('blocking', blockingChecks(servers), report);
await runChecks('emulator', emulatedChecks(servers, 'process'), report);
await runChecks('memory', memoryChecks(servers, OWN_PROCESS), report);
await runChecks('follow', followChecks(servers), report);
report('end');
