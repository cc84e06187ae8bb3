import { freemem, totalmem } from 'node:os';
import type { Check } from '../check.ts';
import { finding } from '../findings.ts';

/** As package.json says. */
const WANTED = [20, 12] as const;
const MB = 1024 ** 2;
/** The demo model takes 10 MB, a large one several thousand; below this nothing of either runs well. */
const LOW_MEMORY_MB = 300;

/** The program that runs us, and the memory it has. */
export const checkNode: Check = () => {
  const version = process.versions.node;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < WANTED[0] || (major === WANTED[0] && minor < WANTED[1]);
  const memory = { free: Math.round(freemem() / MB), total: Math.round(totalmem() / MB) };
  return Promise.resolve([
    isOld ? finding('node_old', { version, wanted: WANTED.join('.') }) : finding('node_version', { version }),
    finding(memory.free < LOW_MEMORY_MB ? 'memory_low' : 'memory', memory),
  ]);
};
