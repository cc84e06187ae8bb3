import { describe, expect, it } from 'vitest';
import type { VoiceActivityDetector } from '../../src/call-engine/ports.ts';

interface VoiceActivityDetectorSubject {
  name: string;
  create: () => Promise<VoiceActivityDetector>;
  /** 20 ms frames of what the detector takes for speech, one after the other. */
  speech: Int16Array[];
  /** One 20 ms frame of digital silence. */
  silence: Int16Array;
}

/** What every voice activity detector must do. */
export function describeVoiceActivityDetector(subject: VoiceActivityDetectorSubject): void {
  describe(`voice activity detector: ${subject.name}`, () => {
    it('tells speech from silence', async () => {
      const detector = await subject.create();
      expect(subject.speech.some((frame) => detector.isSpeech(frame))).toBe(true);
      detector.reset();
      expect(detector.isSpeech(subject.silence)).toBe(false);
      detector.close();
    });

    it('judges the same sound the same after a reset', async () => {
      const detector = await subject.create();
      const first = subject.speech.map((frame) => detector.isSpeech(frame));
      detector.reset();
      expect(subject.speech.map((frame) => detector.isSpeech(frame))).toEqual(first);
      detector.close();
    });

    it('leaves the frame as it was', async () => {
      const detector = await subject.create();
      const [frame] = subject.speech;
      const copy = frame?.slice();
      if (frame !== undefined) detector.isSpeech(frame);
      expect(frame).toEqual(copy);
      detector.close();
    });

    it('may be closed twice, and reset after that', async () => {
      const detector = await subject.create();
      detector.close();
      detector.close();
      expect(() => detector.reset()).not.toThrow();
    });
  });
}
