import { availableParallelism } from 'node:os';
import { pino } from 'pino';
import { loadVoskRecognizer } from '../../src/call-engine/adapters/vosk/vosk-recognizer.ts';
import { DEMO_MODEL, framesOf, loadClip } from '../helpers/clips.ts';
import { FakeRecognizer, speechFrame } from '../helpers/fake-speech.ts';
import { describeSpeechRecognizer } from './speech-recognizer-suite.ts';

describeSpeechRecognizer({
  name: 'Vosk with the demo model',
  create: () =>
    loadVoskRecognizer(
      {
        modelPath: DEMO_MODEL,
        libraryPath: null,
        maxQueuedMs: 10_000,
        decodeThreads: availableParallelism(),
      },
      pino({ level: 'silent' }),
    ),
  utterances: [
    { frames: framesOf(loadClip('objection-03.wav')), text: 'je dois en parler à ma femme' },
    { frames: framesOf(loadClip('affirm-01.wav')), text: 'oui' },
    { frames: framesOf(loadClip('opt_out-01.wav')), text: "ne m'appelez plus" },
  ],
});

describeSpeechRecognizer({
  name: 'the fake of the tests',
  create: () => Promise.resolve(new FakeRecognizer(['oui', 'non merci'])),
  utterances: [
    { frames: [speechFrame(), speechFrame()], text: 'oui' },
    { frames: [speechFrame()], text: 'non merci' },
  ],
});
