import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { createFreeswitchTelephony } from '../src/call-engine/adapters/freeswitch/telephony.ts';
import { loadFvad } from '../src/call-engine/adapters/fvad/fvad-detector.ts';
import { loadVoskRecognizer } from '../src/call-engine/adapters/vosk/vosk-recognizer.ts';
import { CallSession, type CallResult } from '../src/call-engine/call-session.ts';
import type { Closers } from '../src/closers.ts';
import { eslPasswordOf, type Config } from '../src/config.ts';
import { callSessionOptions, freeswitchOptions } from '../src/workers/call-settings.ts';
import { openIntentEngine } from '../src/workers/intent-engine.ts';
import { CallMeter } from '../src/load-test/call-meter.ts';
import { BENCH_CONTACT, SILENT_JOURNAL, takeBenchScenario } from './scenario.ts';

const SWITCH_READY_MS = 15_000;
const MAX_QUEUED_SPEECH_MS = 20_000;

/** What a call worker makes calls with, without its queue and database. */
export interface CallEngine {
  readonly meter: CallMeter;
  makeCall(call: { callId: string; number: string; signal: AbortSignal }): Promise<CallResult>;
}

/** Opens the real adapters with the options that a worker has; `closers` releases them. */
export async function openCallEngine(
  config: Config,
  closers: Closers,
  logger: Logger,
  signal: AbortSignal,
): Promise<CallEngine> {
  const createVoiceActivityDetector = await loadFvad();
  const recognizer = await loadVoskRecognizer({ ...config.vosk, maxQueuedMs: MAX_QUEUED_SPEECH_MS }, logger);
  closers.add('speech recogniser', () => recognizer.close());
  const classifier = openIntentEngine(config, logger);
  closers.add('intent classifier', () => classifier.close());
  const telephony = createFreeswitchTelephony(freeswitchOptions(config, eslPasswordOf(config)), logger);
  closers.add('telephony', () => telephony.close());
  await telephony.ready({ signal: AbortSignal.any([signal, AbortSignal.timeout(SWITCH_READY_MS)]) });

  const meter = new CallMeter();
  const deps = {
    telephony: meter.watchTelephony(telephony),
    recognizer: meter.watchRecognizer(recognizer),
    createVoiceActivityDetector,
    classifier,
    logger,
    nowMs: () => performance.now(),
    newPlaybackId: randomUUID,
  };
  const { scenario, matchObjection } = await takeBenchScenario(config, logger);
  const options = callSessionOptions(config);
  return {
    meter,
    makeCall: (call) =>
      new CallSession(
        { ...deps, logger: logger.child({ callId: call.callId }) },
        {
          ...call,
          callerIdNumber: null,
          scenario,
          matchObjection,
          contact: BENCH_CONTACT,
          recordingPath: null,
          journal: SILENT_JOURNAL,
        },
        options,
      ).run(call.signal),
  };
}
