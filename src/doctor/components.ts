import type { Check } from './check.ts';
import { checkAudio } from './checks/audio.ts';
import { checkClock } from './checks/clock.ts';
import { checkConfiguration } from './checks/configuration.ts';
import { checkDisk } from './checks/disk.ts';
import { checkFreeswitch } from './checks/freeswitch.ts';
import { checkNode } from './checks/node.ts';
import { checkOllama } from './checks/ollama.ts';
import { checkPostgres } from './checks/postgres.ts';
import { checkRedis } from './checks/redis.ts';
import { checkScenarios } from './checks/scenarios.ts';
import { checkStreaming } from './checks/streaming.ts';
import { checkVosk } from './checks/vosk.ts';

/** What can be checked, in the order in which it is shown. */
export const CHECKS = {
  node: checkNode,
  configuration: checkConfiguration,
  clock: checkClock,
  disk: checkDisk,
  postgres: checkPostgres,
  redis: checkRedis,
  freeswitch: checkFreeswitch,
  streaming: checkStreaming,
  vosk: checkVosk,
  ollama: checkOllama,
  scenarios: checkScenarios,
  audio: checkAudio,
} as const satisfies Record<string, Check>;

export type ComponentName = keyof typeof CHECKS;

export const COMPONENTS = Object.keys(CHECKS) as readonly ComponentName[]; // Object.keys forgets it.
