import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises';
import pino from 'pino';
import type { VoskRecognizer } from '../../src/call-engine/adapters/vosk/vosk-recognizer.ts';
import { CallSession, type CallSessionOptions } from '../../src/call-engine/call-session.ts';
import type {
  CallJournal,
  IntentClassifier,
  SpeechRecognizer,
  Turn,
  VoiceActivityDetector,
  VoiceActivityDetectorOptions,
} from '../../src/call-engine/ports.ts';
import { parseScenario, type Scenario } from '../../src/call-engine/scenario/schema.ts';
import { Callee, type Uttered } from './callee.ts';
import type { PlannedConversation } from './conversations.ts';
import type { BotPrompt } from './prompts.ts';
import { ScriptedSwitch, type PlaybackRecord } from './scripted-leg.ts';
import { silence } from './sounds.ts';

export interface Engine {
  recognizer: VoskRecognizer;
  createVoiceActivityDetector: (options: VoiceActivityDetectorOptions) => VoiceActivityDetector;
  classifier: IntentClassifier;
  options: CallSessionOptions;
}

/** What happened in one conversation. Times are milliseconds of audio since the answer. */
export interface PlayedConversation {
  plan: PlannedConversation;
  question: PlaybackRecord;
  /** What the bot said next; null when it said nothing more. */
  reply: PlaybackRecord | null;
  uttered: Uttered[];
  /** As they were stored last. */
  turns: Turn[];
}

const QUESTION = 'question.wav';
/** A prompt and what is said to it take some 15 s. */
const LONGEST_MS = 40_000;
/** The bot is heard for this long after it should have waited: enough to see that it did not. */
const AFTER_REPLY_MS = 200;
const REPLY_MS = 1500;

/**
 * Plays one conversation through a call session with the real detector, recogniser and classifier. Time is the audio's:
 * a frame is given when everything that the one before set off has been dealt with.
 */
export async function playConversation(
  engine: Engine,
  plan: PlannedConversation,
): Promise<PlayedConversation> {
  const answering = silence(REPLY_MS);
  const telephony = new ScriptedSwitch((audioPath) =>
    audioPath === QUESTION ? plan.prompt.sound : answering,
  );
  const callee = new Callee(plan);
  const turns = new Map<number, Turn>();
  const journal: CallJournal = {
    record: (entry) => {
      if (entry.type === 'turn-taken') turns.set(entry.turn.turnNumber, entry.turn);
    },
    flush: () => Promise.resolve(),
  };
  const settling = settlingRecognizer(engine.recognizer);
  const hangUp = new AbortController();
  const session = new CallSession(
    {
      telephony,
      recognizer: settling.recognizer,
      createVoiceActivityDetector: engine.createVoiceActivityDetector,
      classifier: engine.classifier,
      logger: pino({ level: 'silent' }),
      nowMs: () => telephony.nowMs,
      newPlaybackId: randomUUID,
    },
    {
      callId: randomUUID(),
      number: '+33199000001',
      callerIdNumber: null,
      scenario: scenarioOf(plan.prompt),
      matchObjection: () => null,
      contact: {},
      recordingPath: null,
      journal,
    },
    engine.options,
  );
  const over = session.run(hangUp.signal);
  telephony.answer();
  while (!telephony.hasEnded && telephony.nowMs < LONGEST_MS) {
    const [question, reply] = telephony.playbacks;
    if (reply?.startedAtMs !== undefined && reply.startedAtMs !== null) {
      if (telephony.nowMs > reply.startedAtMs + AFTER_REPLY_MS) break;
    }
    const fromBot = telephony.advance();
    const prompt = {
      positionMs: reply === undefined ? telephony.promptPositionMs : null,
      endedAtMs: question?.finished?.atMs ?? null,
    };
    telephony.hear(callee.next(telephony.nowMs, prompt, fromBot));
    await settling.settled();
  }
  hangUp.abort();
  await over;
  const [question, reply] = telephony.playbacks;
  if (question === undefined) throw new Error(`conversation ${plan.id}: the bot asked nothing`);
  return { plan, question, reply: reply ?? null, uttered: callee.uttered, turns: [...turns.values()] };
}

/** The recogniser, and a way to wait until it has nothing more to say about what it was given. */
function settlingRecognizer(recognizer: VoskRecognizer): {
  recognizer: SpeechRecognizer;
  settled: () => Promise<void>;
} {
  const streams: { settled: () => Promise<void> }[] = [];
  return {
    recognizer: {
      open: (options) => {
        const stream = recognizer.open(options);
        streams.push(stream);
        return stream;
      },
      // Shared by all conversations.
      close: () => Promise.resolve(),
    },
    settled: async () => {
      for (const stream of streams) await stream.settled();
      await nextTurnOfTheLoop();
    },
  };
}

/** The bot asks, and says something else whatever the answer is. */
function scenarioOf(prompt: BotPrompt): Scenario {
  const parsed = parseScenario(
    'turns',
    {
      name: 'Turns',
      voice: 'demo',
      steps: {
        ask: {
          type: 'audio',
          audio_path: QUESTION,
          text: prompt.text,
          timeout: 4,
          barge_in: true,
          transitions: { '*': 'reply' },
        },
        reply: { type: 'audio', audio_path: 'reply.wav', text: 'Bien.', is_final: true, result: 'success' },
      },
    },
    { voice: 'demo', listenTimeoutMs: 4000 },
  );
  if (!parsed.ok) throw new Error(`the evaluation's scenario is invalid: ${JSON.stringify(parsed.faults)}`);
  return parsed.scenario;
}
