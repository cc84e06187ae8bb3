import { loadFvad } from '../../src/call-engine/adapters/fvad/fvad-detector.ts';
import { framesOf, loadClip } from '../helpers/clips.ts';
import { FakeVoiceActivityDetector, silentFrame, speechFrame } from '../helpers/fake-speech.ts';
import { describeVoiceActivityDetector } from './voice-activity-detector-suite.ts';

describeVoiceActivityDetector({
  name: 'libfvad',
  create: async () => (await loadFvad())({ sampleRateHz: 8000, aggressiveness: 2 }),
  speech: framesOf(loadClip('affirm-03.wav')),
  silence: silentFrame(),
});

describeVoiceActivityDetector({
  name: 'the fake of the tests',
  create: () => Promise.resolve(new FakeVoiceActivityDetector()),
  speech: [speechFrame(), speechFrame()],
  silence: silentFrame(),
});
