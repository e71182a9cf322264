#!/usr/bin/env node
import module from 'node:module';

// Before the rest is loaded: Node 22.8 and newer keep what they compile.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();
const { main } = await import('./run.js');
process.exitCode = await main(process);
