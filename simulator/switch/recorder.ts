import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Header } from '../esl/events.ts';
import { toL16 } from '../media/clip.ts';
import { FRAME_SAMPLES, LINE_RATE_HZ, WavWriter } from '../media/wav.ts';

/** Frames gathered before the file is written to: half a second. */
const FRAMES_PER_WRITE = 25;

/** One `uuid_record`: a WAV file of the call, stereo (callee left, sent right) or mixed. */
export class Recorder {
  readonly path: string;
  readonly #isStereo: boolean;
  readonly #limitSamples: number;
  readonly #writer: WavWriter;
  readonly #pending: Buffer[] = [];
  #isMasked = false;

  /** Throws when the directory or the file cannot be made. */
  constructor(options: { path: string; isStereo: boolean; limitS: number | null }) {
    this.path = options.path;
    this.#isStereo = options.isStereo;
    this.#limitSamples = options.limitS === null ? Number.POSITIVE_INFINITY : options.limitS * LINE_RATE_HZ;
    makeFolder(dirname(options.path));
    this.#writer = new WavWriter(options.path, options.isStereo ? 2 : 1);
  }

  /** Masked, it writes silence. */
  setMasked(isMasked: boolean): void {
    this.#isMasked = isMasked;
  }

  /** Takes one frame of both sides; returns false once the limit is reached. */
  tick(callee: Int16Array, sent: Int16Array | null): boolean {
    this.#pending.push(this.#frame(callee, sent));
    if (this.#pending.length >= FRAMES_PER_WRITE) this.#flush();
    return this.#writer.samples + this.#pending.length * FRAME_SAMPLES < this.#limitSamples;
  }

  /** Closes the file; returns what the channel's variables say about it from then on. */
  close(cause: 'success-maxtime' | 'success-silence'): Record<string, string> {
    this.#flush();
    this.#writer.close();
    const { samples } = this.#writer;
    return {
      record_file_size: String(this.#writer.fileBytes),
      record_samples: String(samples),
      record_seconds: String(Math.floor(samples / LINE_RATE_HZ)),
      record_ms: String(Math.floor((samples * 1000) / LINE_RATE_HZ)),
      record_completion_cause: cause,
    };
  }

  bugHeaders(): Header[] {
    return [
      ['Media-Bug-Function', 'session_record'],
      ['Media-Bug-Target', this.path],
    ];
  }

  #flush(): void {
    if (this.#pending.length > 0) this.#writer.write(Buffer.concat(this.#pending.splice(0)));
  }

  #frame(callee: Int16Array, sent: Int16Array | null): Buffer {
    const out = new Int16Array(this.#isStereo ? FRAME_SAMPLES * 2 : FRAME_SAMPLES);
    if (this.#isMasked) return toL16(out);
    for (let index = 0; index < FRAME_SAMPLES; index++) {
      const left = callee[index] ?? 0;
      const right = sent?.[index] ?? 0;
      if (this.#isStereo) {
        out[index * 2] = left;
        out[index * 2 + 1] = right;
      } else {
        out[index] = Math.max(-32768, Math.min(32767, left + right));
      }
    }
    return toL16(out);
  }
}

/** Level by level: on /proc Node's own recursive mkdir never returns. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}
