import { describe, expect, it } from 'vitest';
import type { RecognizerStream, SpeechRecognizer } from '../../src/call-engine/ports.ts';

interface SpeechRecognizerSubject {
  name: string;
  /** A fresh recogniser that will be given `utterances` in order. */
  create: () => Promise<SpeechRecognizer>;
  utterances: { frames: Int16Array[]; text: string }[];
}

interface OpenStream {
  stream: RecognizerStream;
  partials: { text: string; atMs: number }[];
  errors: Error[];
}

function openStream(recognizer: SpeechRecognizer): OpenStream {
  const partials: OpenStream['partials'] = [];
  const errors: Error[] = [];
  const stream = recognizer.open({
    sampleRateHz: 8000,
    onPartial: (partial) => partials.push(partial),
    onError: (error) => errors.push(error),
  });
  return { stream, partials, errors };
}

/** What every speech recogniser must do. */
export function describeSpeechRecognizer(subject: SpeechRecognizerSubject): void {
  const [first, second] = subject.utterances;
  if (first === undefined || second === undefined) throw new Error('the suite needs two utterances');

  describe(`speech recogniser: ${subject.name}`, () => {
    it('answers one utterance after the other with its final transcript', async () => {
      const recognizer = await subject.create();
      const { stream, errors } = openStream(recognizer);
      for (const { frames, text } of subject.utterances) {
        for (const frame of frames) stream.write(frame.slice());
        const transcript = await stream.finish();
        expect(transcript.text).toBe(text);
        expect(transcript.confidence).toBeGreaterThan(0);
        expect(transcript.confidence).toBeLessThanOrEqual(1);
      }
      expect(errors).toEqual([]);
      await stream.close();
      await recognizer.close();
    });

    it('tells the text so far while the utterance is open, never an empty one', async () => {
      const recognizer = await subject.create();
      const { stream, partials } = openStream(recognizer);
      for (const frame of first.frames) stream.write(frame.slice());
      await expect.poll(() => partials.length).toBeGreaterThan(0);
      await stream.finish();
      for (const { text, atMs } of partials) {
        expect(text).not.toBe('');
        expect(atMs).toBeLessThanOrEqual(performance.now());
      }
      await recognizer.close();
    });

    it('forgets what was discarded', async () => {
      const recognizer = await subject.create();
      const { stream } = openStream(recognizer);
      for (const frame of first.frames) stream.write(frame.slice());
      stream.discard();
      for (const frame of second.frames) stream.write(frame.slice());
      expect((await stream.finish()).text).toBe(second.text);
      await recognizer.close();
    });

    it('may be closed twice, with an utterance open', async () => {
      const recognizer = await subject.create();
      const { stream } = openStream(recognizer);
      for (const frame of first.frames) stream.write(frame.slice());
      await Promise.all([stream.close(), stream.close()]);
      await stream.close();
      await recognizer.close();
      await recognizer.close();
    });
  });
}
