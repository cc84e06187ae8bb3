import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { loadFvad } from '../src/call-engine/adapters/fvad/fvad-detector.ts';
import { CallSession } from '../src/call-engine/call-session.ts';
import { callSessionOptions } from '../src/workers/call-settings.ts';
import { openIntentEngine } from '../src/workers/intent-engine.ts';
import { createDeafRecognizer } from '../src/hearing/deaf-recognizer.ts';
import { LoopbackTelephony, type LoopbackLeg } from './loopback-telephony.ts';
import { BENCH_CONTACT, SILENT_JOURNAL, takeBenchScenario } from './scenario.ts';
import { benchConfig } from './settings.ts';

export interface LoopbackCalls {
  readonly legs: readonly LoopbackLeg[];
  /** Hangs up and waits until every call has released what it held. */
  close(): Promise<void>;
}

/** Calls that stay in their first prompt, which pauses for every sound of speech and goes on. No switch, no recogniser. */
export async function openLoopbackCalls(
  root: string,
  sampleRateHz: number,
  count: number,
): Promise<LoopbackCalls> {
  const config = benchConfig(root);
  const logger = pino({ level: 'silent' });
  const classifier = openIntentEngine(config, logger);
  const telephony = new LoopbackTelephony(sampleRateHz);
  const deps = {
    telephony,
    recognizer: createDeafRecognizer(),
    createVoiceActivityDetector: await loadFvad(),
    classifier,
    logger,
    nowMs: () => performance.now(),
    newPlaybackId: randomUUID,
  };
  const { scenario, matchObjection } = await takeBenchScenario(config, logger);
  // The first seconds, in which a machine is told from a person, are left out: the words of these calls never end.
  const options = { ...callSessionOptions(config), amd: null };
  // Each call listens to a signal of its own, as each job of a queue has one.
  const hangUp = new AbortController();
  const running = Array.from({ length: count }, (_, index) =>
    new CallSession(
      deps,
      {
        callId: randomUUID(),
        number: `+3363998${String(index).padStart(4, '0')}`,
        callerIdNumber: null,
        scenario,
        matchObjection,
        contact: BENCH_CONTACT,
        recordingPath: null,
        journal: SILENT_JOURNAL,
      },
      options,
    ).run(AbortSignal.any([hangUp.signal])),
  );
  for (const leg of telephony.legs) leg.answer();
  return {
    legs: telephony.legs,
    close: async () => {
      hangUp.abort();
      await Promise.all(running);
      await classifier.close();
    },
  };
}
