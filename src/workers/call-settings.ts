import {
  DEFAULT_FREESWITCH_TIMEOUTS,
  type FreeswitchTelephonyOptions,
} from '../call-engine/adapters/freeswitch/telephony.ts';
import type { CallSessionOptions } from '../call-engine/call-session.ts';
import type { Config } from '../config.ts';
import type { ScenarioShelfOptions } from './scenario-shelf.ts';

const FRAME_MS = 20;

/** The engine's options from the configuration; what no variable names has its value here, with the reason. */
export function callSessionOptions(config: Config): CallSessionOptions {
  const { amd, bargeIn, calls, streaming, timeouts } = config;
  return {
    listener: {
      // 60 of 80 ms: PROTOCOLS of WebRTC VAD, one unvoiced frame bridged. Short enough for a 150 ms barge-in.
      speech: { frameMs: FRAME_MS, startVoicedMs: 60, startWindowMs: 80, stopMs: 200 },
      noiseGate: { aboveFloorDb: 6, minimumDbfs: -50, learntMaximumDbfs: -30 },
      steadyNoise: { afterMs: 2000, wordsPerSecond: 1 },
      // Found with `npm run eval -- turns` (docs/evaluation.md).
      endpointing: {
        shortAnswerSilenceMs: 460,
        sentenceSilenceMs: 470,
        openSilenceMs: 700,
        bareAnswerSilenceMs: 1400,
        unclearSilenceMs: 1300,
        maxSilenceMs: streaming.silenceThresholdMs,
        maxTurnMs: 12_000,
      },
      preRollMs: 300,
      decodeAfterSilenceMs: 260,
      transcriptDeadlineMs: 3000,
    },
    conversation: {
      bargeIn: {
        gracePeriodMs: bargeIn.gracePeriodMs,
        commitSpeechMs: bargeIn.speechStartThresholdMs,
        minConfidence: 0.8,
        minShortConfidence: 0.85,
        wordlessResumeMs: 1200,
        longSpeechMs: 2500,
        decodingMs: 500,
        echoDelayMs: 400,
        faintDbfs: -33,
      },
      bargeInEnabled: bargeIn.enabled,
      answerOverlapMs: 1000,
      backchannelOverlapMs: 500,
      hearOutMs: 4000,
      promptStartDeadlineMs: 3000,
      earlyIntent: { stableMs: 200, maxPerTurn: 2 },
    },
    amd: amd.enabled
      ? {
          machine: {
            // The open FreeSWITCH has no detector of its own: `freeswitch` is answered by ours, and said at start.
            method: amd.method === 'freeswitch' ? 'hybrid' : amd.method,
            maxGreetingMs: amd.maxGreetingMs,
            afterGreetingSilenceMs: amd.afterGreetingSilenceMs,
            afterPersonGreetingSilenceMs: Math.min(500, amd.afterGreetingSilenceMs),
            initialSilenceMs: Math.min(2000, amd.maxGreetingMs),
            humanSpeechMs: amd.humanSpeechMs,
            machineSpeechMs: amd.machineSpeechMs,
          },
          beep: amd.beepDetectionEnabled ? { minMs: 150, maxMs: 1200 } : null,
        }
      : null,
    // Mailboxes beep within a second of their last word; a long one of a company speaks for half a minute.
    voicemail: { afterGreetingSilenceMs: 2500, afterBeepMs: 400, maxWaitMs: 45_000 },
    vadAggressiveness: streaming.vadMode,
    ringTimeoutMs: timeouts.connectionMs,
    maxDurationMs: calls.maxDurationMs,
    ringGraceMs: 10_000,
    audioStallMs: 5000,
    hangupDeadlineMs: 10_000,
  };
}

export function freeswitchOptions(config: Config, password: string): FreeswitchTelephonyOptions {
  const { freeswitch, streaming } = config;
  return {
    esl: { host: freeswitch.eslHost, port: freeswitch.eslPort, password },
    gateway: freeswitch.gateway,
    soundsDir: freeswitch.soundsDir,
    channelMark: config.instance,
    audio: {
      module: freeswitch.audioModule,
      listenHost: streaming.host,
      listenPort: streaming.port,
      advertisedUrl: streaming.publicUrl,
      sampleRateHz: streaming.sampleRateHz,
      maxStreams: freeswitch.maxCalls,
    },
    timeouts: DEFAULT_FREESWITCH_TIMEOUTS,
  };
}

export function scenarioShelfOptions(config: Config): ScenarioShelfOptions {
  return {
    scenariosDir: config.scenarios.dir,
    objectionsDir: config.objections.dir,
    soundsDir: config.freeswitch.soundsDir,
    defaults: { voice: config.audio.defaultVoice, listenTimeoutMs: config.timeouts.listenMs },
    minScore: config.objections.minScore,
    answersObjections: config.objections.usePrerecorded,
    disclosureCheck: config.compliance.disclosureCheck,
  };
}
