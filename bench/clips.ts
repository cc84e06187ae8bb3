import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readWav } from '../src/call-engine/audio/wav.ts';

/** One recorded utterance, 8 kHz. */
export interface SpeechClip {
  samples: Int16Array;
  /** What is said; never empty. */
  transcript: string;
}

export const CLIP_RATE_HZ = 8000;

/** The spoken ones among the tests' clips. */
export function loadSpeechClips(root: string): SpeechClip[] {
  const folder = path.join(root, 'test/fixtures/clips');
  const [, ...lines] = readFileSync(path.join(folder, 'transcripts.tsv'), 'utf8').trim().split('\n');
  return lines
    .map((line) => line.split('\t'))
    .map(([file = '', transcript = '']) => ({ file, transcript }))
    .filter(({ transcript }) => transcript !== '')
    .map(({ file, transcript }) => ({
      transcript,
      samples: readWav(readFileSync(path.join(folder, file))).channels[0],
    }));
}
