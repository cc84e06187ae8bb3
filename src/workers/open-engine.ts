import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { loadFvad } from '../call-engine/adapters/fvad/fvad-detector.ts';
import { createFreeswitchTelephony } from '../call-engine/adapters/freeswitch/telephony.ts';
import { loadVoskRecognizer } from '../call-engine/adapters/vosk/vosk-recognizer.ts';
import { CallSession, type CallResult, type CallSessionDeps } from '../call-engine/call-session.ts';
import type { Telephony } from '../call-engine/ports.ts';
import type { Closers } from '../closers.ts';
import { eslPasswordOf, type Config } from '../config.ts';
import type { Campaign, Contact } from '../db/schema.ts';
import { recordingFiles } from '../recordings/recording-files.ts';
import { AudioBreaker } from './audio-breaker.ts';
import { audioAddress, refuseUnreachableAudio } from './audio-reach.ts';
import { callSessionOptions, freeswitchOptions, scenarioShelfOptions } from './call-settings.ts';
import { openIntentEngine, type IntentEngine } from './intent-engine.ts';
import type { CallOrder } from './place-call.ts';
import { ScenarioShelf } from './scenario-shelf.ts';

/** Probes call nobody and may be frequent; a call to try the audio is one more person who hears nothing. */
const AUDIO_BREAKER = {
  maxSilentCalls: 3,
  probePause: { firstMs: 5_000, maxMs: 60_000 },
  callPause: { firstMs: 60_000, maxMs: 30 * 60_000 },
};
const MAX_QUEUED_SPEECH_MS = 20_000;

/** What hears and understands: needs neither database nor switch. */
export type SpeechParts = Pick<CallSessionDeps, 'recognizer' | 'createVoiceActivityDetector'> & {
  classifier: IntentEngine;
};

/** Checks first what fails fast on a mistake in the configuration. What it opens is closed by `closers`. */
export async function openSpeechParts(
  config: Config,
  logger: Logger,
  closers: Closers,
): Promise<SpeechParts> {
  eslPasswordOf(config);
  await refuseUnreachableAudio(config);
  const createVoiceActivityDetector = await loadFvad();
  const recognizer = await loadVoskRecognizer(
    {
      modelPath: config.vosk.modelPath,
      libraryPath: config.vosk.libraryPath,
      decodeThreads: config.vosk.decodeThreads,
      maxQueuedMs: MAX_QUEUED_SPEECH_MS,
    },
    logger,
  );
  closers.add('speech recogniser', () => recognizer.close());
  const classifier = openIntentEngine(config, logger);
  closers.add('intent classifier', () => classifier.close());
  return { recognizer, createVoiceActivityDetector, classifier };
}

export interface SwitchLink {
  telephony: Telephony;
  audio: AudioBreaker;
}

/**
 * Connects to the switch within `readyMs` and tries whether its audio arrives. Rejects with an `OperatorError` that says what
 * to mend.
 */
export async function openSwitch(
  config: Config,
  logger: Logger,
  closers: Closers,
  { readyMs, signal }: { readyMs: number; signal: AbortSignal },
): Promise<SwitchLink> {
  const telephony = createFreeswitchTelephony(freeswitchOptions(config, eslPasswordOf(config)), logger);
  closers.add('telephony', () => telephony.close());
  await telephony.ready({ signal: AbortSignal.any([signal, AbortSignal.timeout(readyMs)]) });

  const audio = new AudioBreaker(
    {
      telephony,
      audioAddress: audioAddress(config.streaming),
      nowMs: () => performance.now(),
      logger,
    },
    AUDIO_BREAKER,
  );
  closers.add('audio breaker', () => audio.close());
  await audio.start();
  return { telephony, audio };
}

/** What a call needs of an order. */
export type Conversation = Omit<CallOrder, 'campaign' | 'contact'> & {
  contact: Pick<Contact, 'firstName' | 'lastName' | 'company' | 'email' | 'phone'>;
};

/** Makes calls of campaigns: brings scenario, contact and engine together. */
export function openPrepareCall(
  config: Config,
  engine: Pick<CallSessionDeps, 'telephony' | 'recognizer' | 'createVoiceActivityDetector' | 'classifier'>,
  logger: Logger,
  closers: Closers,
): (
  campaign: Pick<Campaign, 'scenario' | 'recordingPurpose'>,
) => Promise<(order: Conversation) => Promise<CallResult>> {
  const shelf = new ScenarioShelf(scenarioShelfOptions(config), logger);
  closers.add('scenarios', () => shelf.close());
  const options = callSessionOptions(config);
  return async (campaign) => {
    const { scenario, matchObjection, promptMs } = await shelf.take(campaign.scenario);
    return ({ callId, clearance, contact, journal, logger: callLogger, signal }) => {
      const session = new CallSession(
        { ...engine, logger: callLogger, nowMs: () => performance.now(), newPlaybackId: randomUUID },
        {
          callId,
          number: clearance.phone,
          callerIdNumber: clearance.callerId,
          scenario,
          matchObjection,
          promptMs,
          contact: {
            first_name: contact.firstName,
            last_name: contact.lastName,
            company: contact.company,
            email: contact.email,
            phone: contact.phone,
          },
          recordingPath: recordingPathFor(config, campaign, callId),
          journal,
        },
        options,
      );
      return session.run(signal);
    };
  };
}

/** The switch whose lines all workers share. */
export function switchNameOf({ freeswitch }: Config): string {
  return `${freeswitch.eslHost}:${freeswitch.eslPort}`;
}

/** Null where the campaign's calls are not recorded. */
function recordingPathFor(
  config: Config,
  campaign: Pick<Campaign, 'recordingPurpose'>,
  callId: string,
): string | null {
  const { recordingsDir } = config.freeswitch;
  if (campaign.recordingPurpose === null || recordingsDir === null) return null;
  return recordingFiles(recordingsDir, callId).stereo;
}
