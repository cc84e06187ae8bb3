#!/usr/bin/env node
// `npx minibot` and `minibot`: loads the TypeScript sources as they are, as the npm scripts do.
import { register } from 'tsx/esm/api';

register();
await import('../src/cli/main.ts');
