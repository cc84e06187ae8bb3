import path from 'node:path';
import pino from 'pino';
import { loadFvad } from '../../src/call-engine/adapters/fvad/fvad-detector.ts';
import { loadVoskRecognizer } from '../../src/call-engine/adapters/vosk/vosk-recognizer.ts';
import { loadConfig } from '../../src/config.ts';
import { callSessionOptions } from '../../src/workers/call-settings.ts';
import { openIntentEngine } from '../../src/workers/intent-engine.ts';
import type { Engine } from './play.ts';

/** A whole answer must fit: nothing is dropped here. */
const MAX_QUEUED_MS = 60_000;

/** The only deadlines by the clock: decoding may take what it takes, time is the audio's. */
const UNHURRIED_MS = 600_000;

/**
 * What calls are held with, with the settings that ship: demo model, rules and local classifier. The first seconds, in
 * which a machine is told from a person, are left out.
 */
export async function openEngine(root: string): Promise<Engine & { close: () => Promise<void> }> {
  const config = loadConfig({
    VOSK_MODEL_PATH: path.join(root, 'models/vosk-demo-fr/model'),
    INTENT_ENGINE: 'local',
  });
  const logger = pino({ level: 'silent' });
  const createVoiceActivityDetector = await loadFvad();
  const recognizer = await loadVoskRecognizer({ ...config.vosk, maxQueuedMs: MAX_QUEUED_MS }, logger);
  const classifier = openIntentEngine(config, logger);
  return {
    recognizer,
    createVoiceActivityDetector,
    classifier,
    options: {
      ...callSessionOptions(config),
      amd: null,
      listener: { ...callSessionOptions(config).listener, transcriptDeadlineMs: UNHURRIED_MS },
      audioStallMs: UNHURRIED_MS,
    },
    close: async () => {
      await classifier.close();
      await recognizer.close();
    },
  };
}
