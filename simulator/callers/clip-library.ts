import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { SimulatorError } from '../errors.ts';
import { Clip } from '../media/clip.ts';
import { readWav } from '../media/wav.ts';

/** The callees' sounds: WAV files of one folder, with what is said in `transcripts.tsv`. Each is read once. */
export class ClipLibrary {
  readonly #dir: string;
  readonly #texts: ReadonlyMap<string, string>;
  readonly #clips = new Map<string, Clip>();

  constructor(dir: string) {
    this.#dir = dir;
    this.#texts = readTranscripts(join(dir, 'transcripts.tsv'));
  }

  /** Throws a SimulatorError when there is no such clip. */
  get(name: string): Clip {
    let clip = this.#clips.get(name);
    if (clip === undefined) {
      clip = this.#load(name);
      this.#clips.set(name, clip);
    }
    return clip;
  }

  #load(name: string): Clip {
    try {
      return new Clip({ name, text: this.#texts.get(name) ?? '', samples: readWav(join(this.#dir, name)) });
    } catch (error) {
      throw new SimulatorError('clip-unusable', `no usable clip ${name} in ${this.#dir}`, { cause: error });
    }
  }
}

function readTranscripts(path: string): Map<string, string> {
  try {
    const lines = readFileSync(path, 'utf8').split('\n').slice(1);
    return new Map(
      lines.map((line) => line.split('\t')).map(([file = '', text = '']) => [file, text] as const),
    );
  } catch (error) {
    throw new SimulatorError('transcripts-unreadable', `cannot read ${path}`, { cause: error });
  }
}
