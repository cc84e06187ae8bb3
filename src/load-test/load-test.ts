import type { Logger } from 'pino';
import type { Closers } from '../closers.ts';
import type { Config } from '../config.ts';
import { orAborted } from '../or-aborted.ts';
import { openPrepareCall, openSpeechParts, openSwitch } from '../workers/open-engine.ts';
import { CallMeter } from './call-meter.ts';
import { HeldCalls, type HoldOptions } from './held-calls.ts';
import { LoadMeter } from './load-meter.ts';
import { reportOf, type LoadReport } from './report.ts';

/** The first connection; a simulator that was just started is ready by then. */
const SWITCH_READY_MS = 15_000;
/** Shorter tests take half of their time. */
const RAMP_MS = 4000;

export interface LoadTestOptions extends Omit<HoldOptions, 'rampMs'> {
  scenario: string;
  /** The simulator's process, whose CPU time is told apart; null: it is not on this machine. */
  switchPid: number | null;
}

/**
 * Holds real conversations of a scenario with numbers of fiction, and measures them. Nothing of it is stored. `closers`
 * releases what it opens.
 */
export async function runLoadTest(
  config: Config,
  options: LoadTestOptions,
  closers: Closers,
  logger: Logger,
): Promise<LoadReport> {
  const speech = await openSpeechParts(config, logger, closers);
  await orAborted(speech.classifier.warm, options.signal, () => Promise.resolve());
  const { telephony, audio } = await openSwitch(config, logger, closers, {
    readyMs: SWITCH_READY_MS,
    signal: options.signal,
  });
  if (audio.trouble !== null) throw audio.trouble;
  const meter = new CallMeter();
  const prepare = openPrepareCall(
    config,
    {
      ...speech,
      telephony: meter.watchTelephony(telephony),
      recognizer: meter.watchRecognizer(speech.recognizer),
    },
    logger,
    closers,
  );
  const talk = await prepare({ scenario: options.scenario, recordingPurpose: null });
  const load = new LoadMeter(options.switchPid);
  const held = new HeldCalls({ ...options, rampMs: Math.min(RAMP_MS, options.durationMs / 2) }, talk, logger);
  load.start();
  try {
    const calls = await held.run();
    return reportOf(calls, {
      concurrent: options.concurrent,
      seconds: held.elapsedMs() / 1000,
      counts: meter.take(),
      load: load.figures(),
    });
  } finally {
    load.stop();
  }
}
