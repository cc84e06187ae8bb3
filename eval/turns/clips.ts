import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readWav } from '../../src/call-engine/audio/wav.ts';
import type { Sound } from './sounds.ts';
import { RATE_HZ } from './sounds.ts';

/** `dev` to develop on; `scored` only ever to be scored: other voices, other words, other noises. */
export type Part = 'dev' | 'scored';

export const PARTS: readonly Part[] = ['dev', 'scored'];

/** Who speaks in which part, as `make-clips.sh` has them. */
export const VOICES: Readonly<Record<Part, readonly string[]>> = {
  dev: ['m7', 'aunty', 'Mario'],
  scored: ['f5', 'Denis', 'steph2'],
};

export const CLIPS_FOLDER = path.join(import.meta.dirname, 'clips');

/** Everything that is said in one part. */
export class ClipShelf {
  private readonly sounds = new Map<string, Sound>();
  /** Phrases of the part: id and words. */
  readonly phrases: ReadonlyMap<string, string>;

  constructor(readonly part: Part) {
    const [, ...lines] = readFileSync(path.join(import.meta.dirname, 'phrases.tsv'), 'utf8')
      .trim()
      .split('\n');
    this.phrases = new Map(
      lines
        .map((line) => line.split('\t'))
        .flatMap(([of, id, text]) =>
          of === part && id !== undefined && text !== undefined ? [[id, text]] : [],
        ),
    );
  }

  /** Throws when there is no such clip. */
  say(voice: string, id: string): Sound {
    return this.load(path.join(CLIPS_FOLDER, `${this.part}-${voice}-${id}.wav`));
  }

  /** Everything that `voice` says. */
  allOf(voice: string): Sound[] {
    return [...this.phrases.keys()].map((id) => this.say(voice, id));
  }

  private load(file: string): Sound {
    const known = this.sounds.get(file);
    if (known !== undefined) return known;
    const sound = loadSound(file);
    this.sounds.set(file, sound);
    return sound;
  }
}

/** Reads an 8 kHz WAV file. */
export function loadSound(file: string): Sound {
  const { sampleRateHz, channels } = readWav(readFileSync(file));
  if (sampleRateHz !== RATE_HZ) throw new Error(`${file} has ${sampleRateHz} Hz; ${RATE_HZ} are needed`);
  return Float32Array.from(channels[0], (sample) => sample / 32_768);
}
