import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Upsampler } from '../../src/call-engine/audio/upsampler.ts';
import { readWav } from '../../src/call-engine/audio/wav.ts';

const CLIPS = join(import.meta.dirname, '../fixtures/clips');

/** The speech model that ships with the project. */
export const DEMO_MODEL = join(import.meta.dirname, '../../models/vosk-demo-fr/model');

interface Clip {
  file: string;
  transcript: string;
  category: string;
}

/** The 30 callers' utterances with what they say. */
export function listClips(): Clip[] {
  const [, ...lines] = readFileSync(join(CLIPS, 'transcripts.tsv'), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [file = '', transcript = '', category = ''] = line.split('\t');
    return { file, transcript, category };
  });
}

/** A clip's samples at 8 kHz. */
export function loadClip(file: string): Int16Array {
  return readWav(readFileSync(join(CLIPS, file))).channels[0];
}

/** A clip's samples at 16 kHz. */
export function loadWideClip(file: string): Int16Array {
  return new Upsampler().process(loadClip(file));
}

/** Cut into frames of `frameSamples`, as a switch sends them; a rest at the end is left out. */
export function framesOf(samples: Int16Array, frameSamples = 160): Int16Array[] {
  return Array.from({ length: Math.floor(samples.length / frameSamples) }, (_, i) =>
    samples.slice(i * frameSamples, (i + 1) * frameSamples),
  );
}
