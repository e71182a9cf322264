#!/usr/bin/env node
import { reportBug, run } from './run.js';
import { toTerminal } from './terminal.js';

const terminal = toTerminal(process);

// Node would print the message as it is, and a server can have written parts of it.
process.on('uncaughtException', (error) => process.exit(reportBug(error, terminal)));

process.exitCode = await run(process.argv.slice(2), terminal);
