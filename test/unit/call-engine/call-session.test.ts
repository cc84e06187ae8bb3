import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  CallSession,
  type CallResult,
  type CallSessionOptions,
} from '../../../src/call-engine/call-session.ts';
import type { Intent } from '../../../src/call-engine/intent/intents.ts';
import type { CallJournal, IntentClassifier, JournalEntry } from '../../../src/call-engine/ports.ts';
import { parseScenario } from '../../../src/call-engine/scenario/schema.ts';
import {
  FakeRecognizer,
  FakeVoiceActivityDetector,
  faintFrame,
  GUESSED,
  NEVER_RECOGNISED,
  silentFrame,
  speechFrame,
} from '../../helpers/fake-speech.ts';
import { FakeTelephony, type FakeLeg } from '../../helpers/fake-telephony.ts';

const OPTIONS: CallSessionOptions = {
  listener: {
    speech: { frameMs: 20, startVoicedMs: 60, startWindowMs: 80, stopMs: 200 },
    noiseGate: { aboveFloorDb: 6, minimumDbfs: -50, learntMaximumDbfs: -30 },
    steadyNoise: { afterMs: 5000, wordsPerSecond: 0.1 },
    endpointing: {
      shortAnswerSilenceMs: 400,
      sentenceSilenceMs: 500,
      openSilenceMs: 600,
      bareAnswerSilenceMs: 700,
      unclearSilenceMs: 700,
      maxSilenceMs: 1500,
      maxTurnMs: 12_000,
    },
    preRollMs: 300,
    decodeAfterSilenceMs: 260,
    transcriptDeadlineMs: 3000,
  },
  conversation: {
    bargeIn: {
      gracePeriodMs: 1000,
      commitSpeechMs: 400,
      minConfidence: 0.6,
      minShortConfidence: 0.8,
      wordlessResumeMs: 1200,
      longSpeechMs: 2500,
      decodingMs: 500,
      echoDelayMs: 400,
      faintDbfs: -33,
    },
    bargeInEnabled: true,
    answerOverlapMs: 1000,
    backchannelOverlapMs: 500,
    hearOutMs: 4000,
    promptStartDeadlineMs: 3000,
    earlyIntent: { stableMs: 200, maxPerTurn: 2 },
  },
  amd: null,
  voicemail: { afterGreetingSilenceMs: 2000, afterBeepMs: 400, maxWaitMs: 30_000 },
  vadAggressiveness: 2,
  ringTimeoutMs: 30_000,
  maxDurationMs: 300_000,
  ringGraceMs: 5000,
  audioStallMs: 2000,
  hangupDeadlineMs: 3000,
};

const SCENARIO = {
  name: 'Test',
  voice: 'demo',
  steps: {
    hello: {
      type: 'audio',
      audio_path: 'demo/base/hello.wav',
      text: 'Bonjour {{first_name}}, avez-vous deux minutes ?',
      timeout: 4,
      barge_in: true,
      transitions: { affirm: 'bye', deny: 'no', silence: 'again', not_understood: 'again' },
    },
    again: {
      type: 'audio',
      audio_path: 'demo/base/again.wav',
      text: 'Êtes-vous là ?',
      timeout: 2,
      barge_in: false,
      transitions: { affirm: 'bye', '*': 'no' },
    },
    bye: { type: 'audio', audio_path: 'demo/base/bye.wav', is_final: true, result: 'success' },
    no: { type: 'audio', audio_path: 'demo/base/no.wav', is_final: true, result: 'not_interested' },
  },
};

const AMD: CallSessionOptions['amd'] = {
  machine: {
    method: 'hybrid',
    maxGreetingMs: 4000,
    afterGreetingSilenceMs: 1000,
    afterPersonGreetingSilenceMs: 500,
    initialSilenceMs: 2000,
    humanSpeechMs: 1200,
    machineSpeechMs: 2800,
  },
  beep: { minMs: 150, maxMs: 1200 },
};

const WITH_MESSAGE = {
  ...SCENARIO,
  voicemail: {
    action: 'leave_message',
    audio_path: 'demo/base/message.wav',
    text: 'Bonjour {{first_name}}.',
  },
};

const INTENT_OF: Record<string, Intent> = {
  oui: 'affirm',
  'non merci': 'deny',
  "ne m'appelez plus": 'opt_out',
};

class ScriptedClassifier implements IntentClassifier {
  readonly anticipated: { text: string; question: string | null }[] = [];

  anticipate({ text, question }: { text: string; question: string | null }) {
    this.anticipated.push({ text, question });
    if (text !== 'bof') return null;
    return {
      verdict: () => Promise.resolve({ intent: 'deny', confidence: 0.8, method: 'ollama' } as const),
      cancel: () => undefined,
    };
  }

  classify({ text }: { text: string }) {
    return Promise.resolve({
      intent: INTENT_OF[text] ?? ('not_understood' as const),
      confidence: 1,
      method: 'local' as const,
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class CollectedJournal implements CallJournal {
  readonly entries: JournalEntry[] = [];

  record(entry: JournalEntry): void {
    this.entries.push(entry);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }
}

interface Call {
  leg: FakeLeg;
  result: Promise<CallResult>;
  journal: CollectedJournal;
  recognizer: FakeRecognizer;
  vad: FakeVoiceActivityDetector;
  classifier: ScriptedClassifier;
  abort: AbortController;
}

function call(
  said: string[],
  options: Partial<CallSessionOptions> = {},
  telephony = new FakeTelephony(),
  scenario: object = SCENARIO,
  recordingPath: string | null = null,
): Call {
  const parsed = parseScenario('test', scenario, { voice: 'demo', listenTimeoutMs: 4000 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const journal = new CollectedJournal();
  const recognizer = new FakeRecognizer(said);
  const vad = new FakeVoiceActivityDetector();
  const classifier = new ScriptedClassifier();
  const abort = new AbortController();
  const session = new CallSession(
    {
      telephony,
      recognizer,
      createVoiceActivityDetector: () => vad,
      classifier,
      logger: pino({ level: 'silent' }),
      nowMs: () => performance.now(),
      newPlaybackId: randomUUID,
    },
    {
      callId: randomUUID(),
      number: '+33199000001',
      callerIdNumber: null,
      scenario: parsed.scenario,
      matchObjection: () => null,
      contact: { first_name: 'Jean' },
      recordingPath,
      journal,
    },
    { ...OPTIONS, ...options },
  );
  const result = session.run(abort.signal);
  const leg = telephony.legs[0];
  if (leg === undefined) throw new Error('nothing was originated');
  return { leg, result, journal, recognizer, vad, classifier, abort };
}

/** `ms` of audio, then a turn of the event loop so that promises settle. */
async function hear(leg: FakeLeg, frame: () => Int16Array, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 20) leg.hear(frame());
  await nextTurnOfTheLoop();
}

const say = async (leg: FakeLeg, ms = 600): Promise<void> => {
  await hear(leg, speechFrame, ms);
  await hear(leg, silentFrame, 800);
};

/** Frames of a 1 kHz tone: whole periods fit into each. */
const beepFrame = (): Int16Array =>
  Int16Array.from({ length: 160 }, (_, at) => 4000 * Math.sin((2 * Math.PI * 1000 * at) / 8000));

const playedFiles = (leg: FakeLeg): string[] => leg.played.map(({ audioPath }) => audioPath);

describe('CallSession', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('walks the scenario on what the callee answers and hangs up at its end', async () => {
    const { leg, result, recognizer, vad } = call(['oui']);
    leg.ring();
    leg.answer();
    leg.startPrompt();
    leg.finishPrompt();
    await say(leg);
    leg.startPrompt();
    leg.finishPrompt();
    const outcome = await result;
    expect(playedFiles(leg)).toEqual(['demo/base/hello.wav', 'demo/base/bye.wav']);
    expect(outcome).toMatchObject({
      result: 'success',
      endReason: 'scenario',
      counted: true,
      steps: ['hello', 'bye'],
    });
    expect(outcome.turns).toHaveLength(1);
    expect(outcome.turns[0]).toMatchObject({
      step: 'hello',
      transcript: 'oui',
      intent: 'affirm',
      nextStep: 'bye',
      bargeIn: false,
    });
    expect(outcome.turns[0]?.latencies.totalMs).toBeGreaterThanOrEqual(0);
    expect(outcome.transcript.map(({ speaker, text }) => [speaker, text])).toEqual([
      ['bot', 'Bonjour Jean, avez-vous deux minutes ?'],
      ['contact', 'oui'],
      ['bot', ''],
    ]);
    expect(leg.orders.at(-1)).toEqual({ order: 'close' });
    expect(recognizer.streams.every((stream) => stream.closed)).toBe(true);
    expect(vad.closed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('begins to understand before the turn is over', async () => {
    const { leg, classifier, result } = call(['bof']);
    leg.answer();
    leg.startPrompt();
    leg.finishPrompt();
    await hear(leg, speechFrame, 200);
    expect(classifier.anticipated).toEqual([]);
    await hear(leg, speechFrame, 400);
    expect(classifier.anticipated).toEqual([
      { text: 'bof', question: 'Bonjour {{first_name}}, avez-vous deux minutes ?' },
    ]);
    await hear(leg, silentFrame, 1000);
    leg.startPrompt();
    leg.finishPrompt();
    expect((await result).turns).toMatchObject([
      { transcript: 'bof', intent: 'deny', processingMethod: 'ollama' },
    ]);
  });

  it('takes the step’s timeout without speech for silence', async () => {
    const { leg, result } = call([]);
    leg.answer();
    leg.startPrompt();
    leg.finishPrompt();
    await hear(leg, silentFrame, 3960);
    expect(playedFiles(leg)).toHaveLength(1);
    await hear(leg, silentFrame, 60);
    leg.startPrompt();
    leg.finishPrompt();
    await hear(leg, silentFrame, 2100);
    leg.startPrompt();
    leg.finishPrompt();
    const { turns, steps } = await result;
    expect(steps).toEqual(['hello', 'again', 'no']);
    expect(turns.map(({ intent, processingMethod }) => [intent, processingMethod])).toEqual([
      ['silence', 'timeout'],
      ['silence', 'timeout'],
    ]);
  });

  it('silences the prompt when it is spoken over, then answers what was said', async () => {
    const { leg, result } = call(['non merci']);
    leg.answer();
    leg.startPrompt();
    await hear(leg, silentFrame, 1200);
    await hear(leg, speechFrame, 600);
    expect(leg.orders.map(({ order }) => order)).toEqual(['start-audio', 'play', 'pause']);
    await hear(leg, silentFrame, 260);
    await hear(leg, silentFrame, 20);
    expect(leg.orders.map(({ order }) => order)).toEqual(['start-audio', 'play', 'pause', 'stop']);
    await hear(leg, silentFrame, 800);
    leg.startPrompt();
    leg.finishPrompt();
    const { result: verdict, turns } = await result;
    expect(verdict).toBe('not_interested');
    expect(turns[0]).toMatchObject({ bargeIn: true, intent: 'deny' });
    expect(turns[0]?.latencies.bargeInMs).not.toBeNull();
  });

  it('resumes the prompt after a backchannel and takes it for no answer', async () => {
    const { leg, result } = call(["d'accord", 'oui']);
    leg.answer();
    leg.startPrompt();
    await hear(leg, silentFrame, 1200);
    await say(leg);
    await hear(leg, silentFrame, 2000);
    expect(leg.orders.map(({ order }) => order)).toEqual(['start-audio', 'play', 'pause', 'resume']);
    leg.end();
    expect(await result).toMatchObject({ result: 'hangup', turns: [] });
  });

  it('stops a prompt that went on because the words came late, and measures from the onset', async () => {
    const said: string[] = [];
    const { leg, result } = call(said);
    leg.answer();
    leg.startPrompt();
    await hear(leg, silentFrame, 1200);
    await hear(leg, speechFrame, 2000);
    expect(leg.orders.map(({ order }) => order)).toEqual(['start-audio', 'play', 'pause', 'resume']);
    said.push('non merci');
    await hear(leg, silentFrame, 800);
    expect(leg.orders.map(({ order }) => order).slice(4)).toEqual(['stop', 'play']);
    leg.startPrompt();
    leg.finishPrompt();
    const { result: verdict, turns } = await result;
    expect(verdict).toBe('not_interested');
    expect(turns).toMatchObject([{ bargeIn: true, intent: 'deny' }]);
    expect(turns[0]?.latencies.bargeInMs).not.toBeNull();
  });

  it('answers an interruption whose words come only after the prompt has ended', async () => {
    const said: string[] = [];
    const { leg, result } = call(said);
    leg.answer();
    leg.startPrompt();
    await hear(leg, silentFrame, 1200);
    await hear(leg, speechFrame, 300);
    // Nothing is recognised of it: the prompt goes on.
    await hear(leg, silentFrame, 220);
    expect(leg.orders.map(({ order }) => order)).toEqual(['start-audio', 'play', 'pause', 'resume']);
    said.push('non merci');
    // The turn is over, and long after that the prompt, before the words are there.
    for (let passedMs = 0; passedMs < 2000; passedMs += 20) leg.hear(silentFrame());
    leg.finishPrompt();
    await nextTurnOfTheLoop();
    expect(playedFiles(leg)).toEqual(['demo/base/hello.wav', 'demo/base/no.wav']);
    leg.startPrompt();
    leg.finishPrompt();
    expect((await result).turns).toMatchObject([{ intent: 'deny', transcript: 'non merci' }]);
  });

  it('takes a « oui » said as the question ends for the answer, and one said before for none', async () => {
    for (const [restMs, expected] of [
      [200, ['demo/base/hello.wav', 'demo/base/bye.wav']],
      [800, ['demo/base/hello.wav']],
    ] as const) {
      const { leg, result } = call(['oui']);
      leg.answer();
      leg.startPrompt();
      await hear(leg, silentFrame, 1200);
      await hear(leg, speechFrame, 300);
      // Stands still until it is clear that it is a backchannel, then goes on.
      await hear(leg, silentFrame, 220);
      await hear(leg, silentFrame, 400);
      expect(leg.orders.map(({ order }) => order)).toEqual(['start-audio', 'play', 'pause', 'resume']);
      if (restMs > 400) await hear(leg, silentFrame, restMs - 400);
      leg.finishPrompt();
      await hear(leg, silentFrame, 100);
      expect(playedFiles(leg)).toEqual(expected);
      leg.end();
      await result;
    }
  });

  it('lets a prompt go on that stood still until the words came, when they are a backchannel after all', async () => {
    const said = ['non'];
    const { leg, result } = call(said);
    leg.answer();
    leg.startPrompt();
    await hear(leg, silentFrame, 1200);
    await hear(leg, speechFrame, 300);
    said[0] = 'oui';
    for (let passedMs = 0; passedMs < 800; passedMs += 20) leg.hear(silentFrame());
    expect(leg.orders.map(({ order }) => order)).toEqual(['start-audio', 'play', 'pause']);
    await nextTurnOfTheLoop();
    expect(leg.orders.map(({ order }) => order)).toEqual(['start-audio', 'play', 'pause', 'resume']);
    leg.end();
    expect((await result).turns).toEqual([]);
  });

  it('takes the end of its own echo for no answer, and a faint voice for one', async () => {
    for (const [echoMs, expected] of [
      [200, ['demo/base/hello.wav']],
      [800, ['demo/base/hello.wav', 'demo/base/no.wav']],
    ] as const) {
      const { leg, result } = call(['non merci']);
      leg.answer();
      leg.startPrompt();
      leg.finishPrompt();
      const endedAtMs = performance.now();
      for (let passedMs = 20; passedMs <= echoMs + 800; passedMs += 20) {
        const samples = passedMs <= echoMs ? faintFrame() : silentFrame();
        leg.emit({ type: 'audio-frame', atMs: endedAtMs + passedMs, samples });
      }
      await nextTurnOfTheLoop();
      expect(playedFiles(leg)).toEqual(expected);
      leg.end();
      await result;
    }
  });

  it('hears somebody out who speaks as the goodbye ends, and honours a wish not to be called', async () => {
    const { leg, result } = call(['oui', "ne m'appelez plus"]);
    leg.answer();
    leg.startPrompt();
    leg.finishPrompt();
    await say(leg);
    leg.startPrompt();
    await hear(leg, silentFrame, 1500);
    await hear(leg, speechFrame, 400);
    leg.finishPrompt();
    await hear(leg, speechFrame, 400);
    await hear(leg, silentFrame, 800);
    expect(playedFiles(leg)).toEqual(['demo/base/hello.wav', 'demo/base/bye.wav', 'demo/base/opt_out.wav']);
    leg.startPrompt();
    leg.finishPrompt();
    expect(await result).toMatchObject({ result: 'opt_out', optOut: true });
  });

  it('ends the call after the goodbye when what was said meanwhile is nothing more', async () => {
    const { leg, result } = call(['oui', 'non merci']);
    leg.answer();
    leg.startPrompt();
    leg.finishPrompt();
    await say(leg);
    leg.startPrompt();
    await hear(leg, speechFrame, 400);
    leg.finishPrompt();
    await hear(leg, silentFrame, 800);
    expect(await result).toMatchObject({ result: 'success', endReason: 'scenario', optOut: false });
  });

  it('lets nothing said in the grace period stop the prompt, but a wish not to be called', async () => {
    const { leg, result } = call(['oui', "ne m'appelez plus"], {
      conversation: {
        ...OPTIONS.conversation,
        bargeIn: { ...OPTIONS.conversation.bargeIn, gracePeriodMs: 10_000 },
      },
    });
    leg.answer();
    leg.startPrompt();
    await say(leg);
    expect(leg.orders.map(({ order }) => order)).toEqual(['start-audio', 'play']);
    await say(leg);
    expect(playedFiles(leg)).toEqual(['demo/base/hello.wav', 'demo/base/opt_out.wav']);
    leg.startPrompt();
    leg.finishPrompt();
    expect(await result).toMatchObject({ result: 'opt_out', optOut: true });
  });

  it('honours a wish not to be called that was said while an answer was being understood', async () => {
    const { leg, result } = call(['oui', "ne m'appelez plus"]);
    leg.answer();
    leg.startPrompt();
    leg.finishPrompt();
    for (const frame of [speechFrame, silentFrame, speechFrame, silentFrame]) {
      for (let passedMs = 0; passedMs < 800; passedMs += 20) leg.hear(frame());
    }
    await nextTurnOfTheLoop();
    expect(playedFiles(leg)).toEqual(['demo/base/hello.wav', 'demo/base/bye.wav', 'demo/base/opt_out.wav']);
    leg.startPrompt();
    leg.finishPrompt();
    expect(await result).toMatchObject({ result: 'opt_out', optOut: true });
  });

  it('takes an answer that overlaps the end of the question', async () => {
    const { leg, result } = call(['oui'], {
      conversation: { ...OPTIONS.conversation, bargeInEnabled: false },
    });
    leg.answer();
    leg.startPrompt();
    await hear(leg, speechFrame, 400);
    leg.finishPrompt();
    await hear(leg, silentFrame, 800);
    expect(playedFiles(leg)).toEqual(['demo/base/hello.wav', 'demo/base/bye.wav']);
    leg.end();
    await result;
  });

  it('goes on to listen when somebody else stops a prompt', async () => {
    const { leg, result } = call(['oui']);
    leg.answer();
    leg.startPrompt();
    leg.finishPrompt('stopped');
    await say(leg);
    expect(playedFiles(leg)).toEqual(['demo/base/hello.wav', 'demo/base/bye.wav']);
    leg.end();
    await result;
  });

  it('keeps waiting through a cough', async () => {
    const { leg, result } = call(['', 'oui']);
    leg.answer();
    leg.startPrompt();
    leg.finishPrompt();
    await say(leg, 200);
    expect(playedFiles(leg)).toHaveLength(1);
    await say(leg);
    expect(playedFiles(leg)).toEqual(['demo/base/hello.wav', 'demo/base/bye.wav']);
    leg.end();
    expect((await result).turns).toHaveLength(1);
  });

  it('goes on as not understood when the recogniser does not answer', async () => {
    const { leg, result } = call([NEVER_RECOGNISED]);
    leg.answer();
    leg.startPrompt();
    leg.finishPrompt();
    await say(leg);
    expect(playedFiles(leg)).toHaveLength(1);
    for (let passedMs = 0; passedMs < 3100; passedMs += 100) {
      await vi.advanceTimersByTimeAsync(100);
      await hear(leg, silentFrame, 100);
    }
    expect(playedFiles(leg)).toEqual(['demo/base/hello.wav', 'demo/base/again.wav']);
    leg.end();
    expect((await result).turns[0]).toMatchObject({ intent: 'not_understood', transcript: '' });
  });

  it('asks again where a yes may have been a cough, and believes a no', async () => {
    const { leg, result } = call([`${GUESSED}oui`, `${GUESSED}non merci`]);
    leg.answer();
    leg.startPrompt();
    leg.finishPrompt();
    await say(leg);
    expect(playedFiles(leg)).toEqual(['demo/base/hello.wav', 'demo/base/again.wav']);
    leg.startPrompt();
    leg.finishPrompt();
    await say(leg);
    expect(playedFiles(leg).at(-1)).toBe('demo/base/no.wav');
    leg.end();
    expect((await result).turns).toMatchObject([
      { intent: 'not_understood', transcript: 'oui', asrConfidence: 0.4 },
      { intent: 'deny', transcript: 'non merci' },
    ]);
  });

  it.each([
    ['busy', { unanswered: 'busy', rang: false }, true],
    ['no_answer', { unanswered: 'no_answer', rang: true }, true],
    ['congestion', { unanswered: 'congestion', rang: false }, false],
    ['failed', { unanswered: 'failed', rang: false }, false],
    ['rejected', { unanswered: 'rejected', rang: true }, true],
  ] as const)('reports %s when nobody answers', async (expected, end, counted) => {
    const { leg, result } = call([]);
    leg.end({ answered: false, endedBy: 'network', hangupCause: 'X', ...end });
    expect(await result).toMatchObject({
      result: expected,
      endReason: 'not-answered',
      counted,
      durationMs: null,
    });
  });

  it('reports a hangup by the callee at the step reached', async () => {
    const { leg, result } = call([]);
    leg.answer();
    leg.startPrompt();
    leg.end();
    expect(await result).toMatchObject({
      result: 'hangup',
      endReason: 'hangup',
      steps: ['hello'],
      answered: true,
    });
  });

  it('reports a hangup when a prompt could not be played because the callee had just left', async () => {
    const { leg, result } = call([], {}, new FakeTelephony({ hangsUpWhenTold: false }));
    leg.answer();
    leg.finishPrompt('failed');
    leg.end({ endedBy: 'callee' });
    expect(await result).toMatchObject({ result: 'hangup' });
  });

  it('reports a failure when a prompt cannot be played', async () => {
    const { leg, result } = call([]);
    leg.answer();
    leg.finishPrompt('failed');
    expect(await result).toMatchObject({ result: 'failed' });
  });

  it('hangs up on a machine and says nothing to it', async () => {
    const { leg, result, journal } = call(['vous êtes bien sur la messagerie'], {
      amd: AMD,
    });
    leg.answer();
    await hear(leg, speechFrame, 1000);
    const outcome = await result;
    expect(outcome).toMatchObject({ result: 'answering_machine', endReason: 'answering-machine', steps: [] });
    expect(outcome.amd?.reason).toMatch(/^words:/);
    expect(leg.played).toEqual([]);
    expect(journal.entries.map(({ type }) => type)).toContain('amd-decided');
  });

  describe('with a message for machines', () => {
    const onMachine = (said: string) => call([said], { amd: AMD }, new FakeTelephony(), WITH_MESSAGE);

    it('leaves it after the beep, and hangs up', async () => {
      const { leg, result, journal } = onMachine('vous êtes bien sur la messagerie laissez un message');
      leg.answer();
      await hear(leg, speechFrame, 2000);
      expect(leg.played).toEqual([]);
      await hear(leg, beepFrame, 400);
      await hear(leg, silentFrame, 600);
      expect(playedFiles(leg)).toEqual(['demo/base/message.wav']);
      leg.startPrompt();
      vi.advanceTimersByTime(3000);
      leg.finishPrompt();
      expect(await result).toMatchObject({
        result: 'answering_machine',
        messageLeft: { completed: true },
        transcript: [
          { speaker: 'contact', text: 'vous êtes bien sur la messagerie laissez un message' },
          { speaker: 'bot', step: 'voicemail', text: 'Bonjour Jean.', completed: true },
        ],
      });
      expect(journal.entries.map(({ type }) => type)).toContain('message-left');
    });

    it('tells how much was left when the machine hangs up in the middle', async () => {
      const { leg, result } = onMachine('vous êtes bien sur la messagerie laissez un message');
      leg.answer();
      await hear(leg, speechFrame, 2000);
      await hear(leg, silentFrame, 2600);
      leg.startPrompt();
      leg.finishPrompt('hangup');
      leg.end();
      expect(await result).toMatchObject({
        result: 'answering_machine',
        messageLeft: { completed: false },
      });
    });

    it('leaves none on a full mailbox', async () => {
      const { leg, result } = onMachine('la messagerie de votre correspondant est pleine');
      leg.answer();
      await hear(leg, speechFrame, 2000);
      expect(await result).toMatchObject({ result: 'answering_machine', messageLeft: null });
      expect(leg.played).toEqual([]);
    });

    it('speaks to a person as ever', async () => {
      const { leg, result, abort } = onMachine('allô');
      leg.answer();
      await hear(leg, speechFrame, 400);
      await hear(leg, silentFrame, 1200);
      expect(playedFiles(leg)).toEqual(['demo/base/hello.wav']);
      abort.abort();
      expect(await result).toMatchObject({ amd: { result: 'HUMAN' }, messageLeft: null });
    });
  });

  it('ends a call whose audio stops coming', async () => {
    const { leg, result } = call([]);
    leg.answer();
    await hear(leg, silentFrame, 100);
    vi.advanceTimersByTime(2001);
    expect(await result).toMatchObject({ result: 'failed', endReason: 'audio-lost', counted: true });
  });

  it('plays nothing any more once the call is over', async () => {
    const { leg, result, abort } = call([NEVER_RECOGNISED]);
    leg.answer();
    leg.startPrompt();
    leg.finishPrompt();
    await say(leg);
    abort.abort();
    await result;
    await vi.advanceTimersByTimeAsync(3001);
    expect(playedFiles(leg)).toEqual(['demo/base/hello.wav']);
  });

  it('ends a call that lasts too long', async () => {
    const { leg, result } = call([], { maxDurationMs: 1000 });
    leg.answer();
    vi.advanceTimersByTime(1001);
    expect(await result).toMatchObject({ result: 'interrupted', endReason: 'max-duration' });
  });

  it('says so when the switch ended it for that', async () => {
    const { leg, result } = call([]);
    leg.answer();
    leg.end({ hangupCause: 'ALLOTTED_TIMEOUT', sipStatus: null, endedBy: null, answered: true });
    expect(await result).toMatchObject({ result: 'interrupted', endReason: 'max-duration', counted: true });
  });

  it('hangs up when it is cancelled', async () => {
    const { leg, result, abort } = call([]);
    leg.answer();
    abort.abort();
    expect(await result).toMatchObject({ result: 'interrupted', endReason: 'cancelled' });
    expect(leg.orders.map(({ order }) => order)).toContain('hang-up');
  });

  it('does not wait for ever on a switch that is deaf', async () => {
    const { leg, result, abort } = call([], {}, new FakeTelephony({ hangsUpWhenTold: false }));
    abort.abort();
    vi.advanceTimersByTime(3001);
    expect(await result).toMatchObject({
      endReason: 'cancelled',
      hangupCause: 'LINK_LOST',
      // Not heard, but who knows.
      rang: true,
      counted: true,
    });
    expect(leg.orders.at(-1)).toEqual({ order: 'close' });
  });

  it('does not dial when it is cancelled before it began', async () => {
    const telephony = new FakeTelephony();
    const abort = new AbortController();
    abort.abort();
    const parsed = parseScenario('test', SCENARIO, { voice: 'demo', listenTimeoutMs: 4000 });
    if (!parsed.ok) throw new Error('scenario');
    const session = new CallSession(
      {
        telephony,
        recognizer: new FakeRecognizer([]),
        createVoiceActivityDetector: () => new FakeVoiceActivityDetector(),
        classifier: new ScriptedClassifier(),
        logger: pino({ level: 'silent' }),
        nowMs: () => performance.now(),
        newPlaybackId: randomUUID,
      },
      {
        callId: randomUUID(),
        number: '+33199000001',
        callerIdNumber: null,
        scenario: parsed.scenario,
        matchObjection: () => null,
        contact: {},
        recordingPath: null,
        journal: new CollectedJournal(),
      },
      OPTIONS,
    );
    expect(await session.run(abort.signal)).toMatchObject({ result: 'interrupted', counted: false });
    expect(telephony.legs).toEqual([]);
  });

  describe('recording', () => {
    const PATH = '/recordings/call.wav';
    const TOLD = {
      ...SCENARIO,
      steps: {
        ...SCENARIO.steps,
        hello: {
          ...SCENARIO.steps.hello,
          text: 'Cet appel est enregistré. Avez-vous deux minutes ?',
          discloses: ['recording'],
        },
      },
    };
    const recordings = (leg: FakeLeg) => leg.orders.filter(({ order }) => order === 'record');

    it('begins when the notice was heard to its end, once, and is stored at once', async () => {
      const { leg, result, journal } = call(['oui'], {}, undefined, TOLD, PATH);
      leg.answer();
      leg.startPrompt();
      expect(recordings(leg)).toEqual([]);
      leg.finishPrompt();
      expect(recordings(leg)).toEqual([{ order: 'record', path: PATH }]);
      expect(journal.entries).toContainEqual({
        ...{ type: 'recording-started', path: PATH, sinceAnswerMs: expect.any(Number) as number },
      });
      await say(leg);
      leg.startPrompt();
      leg.finishPrompt();
      expect(await result).toMatchObject({ recordingPath: PATH });
      expect(recordings(leg)).toHaveLength(1);
    });

    it('has it written down why there is none', async () => {
      const { leg, result, journal } = call(['oui'], {}, undefined, TOLD, PATH);
      leg.answer();
      leg.startPrompt();
      leg.finishPrompt();
      leg.emit({ type: 'recording-failed', atMs: performance.now(), problem: 'no space' });
      leg.end();
      await result;
      expect(journal.entries).toContainEqual({ type: 'recording-failed', problem: 'no space' });
    });

    it('does not begin when the notice was cut short', async () => {
      const { leg, result } = call(['non merci'], {}, undefined, TOLD, PATH);
      leg.answer();
      leg.startPrompt();
      await hear(leg, silentFrame, 1200);
      await hear(leg, speechFrame, 600);
      await hear(leg, silentFrame, 800);
      leg.startPrompt();
      leg.finishPrompt();
      expect(await result).toMatchObject({ result: 'not_interested', recordingPath: null });
      expect(recordings(leg)).toEqual([]);
    });

    it.each([
      ['nobody asked for it', TOLD, null],
      ['nobody is told', SCENARIO, PATH],
    ])('does not begin where %s', async (_, scenario, recordingPath) => {
      const { leg, result } = call([], {}, undefined, scenario, recordingPath);
      leg.answer();
      leg.startPrompt();
      leg.finishPrompt();
      leg.end();
      expect(await result).toMatchObject({ recordingPath: null });
      expect(recordings(leg)).toEqual([]);
    });
  });

  describe('the transcript', () => {
    it('has every prompt with its times and how much of it was heard, also one that a hangup cut', async () => {
      const { leg, result, journal } = call([]);
      leg.answer();
      leg.startPrompt();
      await hear(leg, silentFrame, 500);
      leg.end();
      const { transcript } = await result;
      const told = journal.entries.flatMap((entry) => (entry.type === 'prompt-played' ? [entry.prompt] : []));
      expect(told).toMatchObject([
        { number: 1, step: 'hello', endedMs: null, completed: false },
        { number: 1, step: 'hello', heardMs: 500, completed: false },
      ]);
      expect(told[1]?.endedMs).toBeGreaterThanOrEqual(told[1]?.startedMs ?? Number.POSITIVE_INFINITY);
      expect(transcript).toEqual([{ speaker: 'bot', ...told[1] }]);
    });

    it('says which of what was heard each turn was taken from, and keeps what was no turn', async () => {
      const { leg, result } = call(['oui', 'mm', 'oui']);
      leg.answer();
      leg.startPrompt();
      leg.finishPrompt();
      await say(leg);
      leg.startPrompt();
      await say(leg, 200);
      leg.finishPrompt();
      const { transcript, turns } = await result;
      const said = transcript.flatMap((line) =>
        line.speaker === 'contact' ? [[line.number, line.text]] : [],
      );
      expect(said).toEqual([
        [1, 'oui'],
        [2, 'mm'],
      ]);
      expect(turns.map(({ speechNumber }) => speechNumber)).toEqual([1]);
    });

    it('keeps what was being said when the callee hung up', async () => {
      const { leg, result } = call(['non merci']);
      leg.answer();
      leg.startPrompt();
      leg.finishPrompt();
      await hear(leg, speechFrame, 600);
      leg.end();
      const { transcript } = await result;
      expect(transcript.at(0)).toMatchObject({ speaker: 'bot', completed: true });
      expect(transcript.at(1)).toMatchObject({
        speaker: 'contact',
        text: 'non merci',
        confidence: null,
        words: [],
      });
    });

    it('keeps the words that were still being decoded when the call ended', async () => {
      const { leg, result } = call(['non merci']);
      leg.answer();
      leg.startPrompt();
      leg.finishPrompt();
      // The turn ends with the last frame; its words come after the hangup.
      for (let ms = 0; ms < 600; ms += 20) leg.hear(speechFrame());
      for (let ms = 0; ms < 800; ms += 20) leg.hear(silentFrame());
      leg.end();
      const { transcript } = await result;
      expect(transcript.at(1)).toMatchObject({ speaker: 'contact', text: 'non merci', confidence: 1 });
    });
  });
});
