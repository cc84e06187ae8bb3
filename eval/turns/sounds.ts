/** Sound on a telephone line: 8 kHz, full scale ±1. */
export type Sound = Float32Array;

export const RATE_HZ = 8000;
export const FRAME_MS = 20;
export const FRAME_SAMPLES = (RATE_HZ * FRAME_MS) / 1000;

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const between = (random: Random, from: number, to: number): number => from + random() * (to - from);

export const samplesOf = (ms: number): number => Math.round((ms * RATE_HZ) / 1000);

export function silence(ms: number): Sound {
  return new Float32Array(samplesOf(ms));
}

export function joined(sounds: readonly Sound[]): Sound {
  const all = new Float32Array(sounds.reduce((length, sound) => length + sound.length, 0));
  let offset = 0;
  for (const sound of sounds) {
    all.set(sound, offset);
    offset += sound.length;
  }
  return all;
}

/** RMS over the parts that sound, in dB of full scale: pauses do not count. */
function activeLevelDbfs(sound: Sound): number {
  const powers: number[] = [];
  for (let from = 0; from + 80 <= sound.length; from += 80) {
    let power = 0;
    for (let i = from; i < from + 80; i++) power += (sound[i] ?? 0) ** 2;
    powers.push(power / 80);
  }
  const loudest = Math.max(...powers, 1e-12);
  const active = powers.filter((power) => power >= loudest * 1e-3);
  return 10 * Math.log10(active.reduce((sum, power) => sum + power, 0) / active.length);
}

export function atLevel(sound: Sound, levelDbfs: number): Sound {
  const gain = 10 ** ((levelDbfs - activeLevelDbfs(sound)) / 20);
  return sound.map((sample) => sample * gain);
}

/** Where a person hears it begin and end, in milliseconds: 30 dB below its loudest 10 ms. */
export function audibleSpanMs(sound: Sound): { startMs: number; endMs: number } {
  let loudest = 0;
  const powers: number[] = [];
  for (let from = 0; from + 80 <= sound.length; from += 80) {
    let power = 0;
    for (let i = from; i < from + 80; i++) power += (sound[i] ?? 0) ** 2;
    powers.push(power);
    loudest = Math.max(loudest, power);
  }
  const isAudible = (power: number): boolean => power >= loudest * 1e-3 && power > 0;
  return { startMs: powers.findIndex(isAudible) * 10, endMs: (powers.findLastIndex(isAudible) + 1) * 10 };
}

// ---- sounds that are no speech ---------------------------------------------------------------------------

export function whiteNoise(random: Random, ms: number): Sound {
  return silence(ms).map(() => random() * 2 - 1);
}

/** Quieter towards high frequencies, like a room or a street. */
export function streetNoise(random: Random, ms: number): Sound {
  let low = 0;
  return silence(ms).map(() => (low = 0.95 * low + 0.05 * (random() * 2 - 1)));
}

/** Mains hum: 50 Hz is cut off by the line, its harmonics pass. */
export function hum(ms: number): Sound {
  return tones([150, 250, 350, 450], ms);
}

function tones(frequencies: readonly number[], ms: number): Sound {
  return silence(ms).map((_, i) =>
    frequencies.reduce((sum, hz) => sum + Math.sin((2 * Math.PI * hz * i) / RATE_HZ), 0),
  );
}

/** A French ringing tone: 440 Hz, 1.5 s of every 5. */
export function ringback(ms: number): Sound {
  return tones([440], ms).map((sample, i) => (i % samplesOf(5000) < samplesOf(1500) ? sample : 0));
}

const DTMF_LOW = [697, 770, 852, 941];
const DTMF_HIGH = [1209, 1336, 1477];

export function dtmf(random: Random): Sound {
  const pick = (of: readonly number[]): number => of[Math.floor(random() * of.length)] ?? 0;
  return tones([pick(DTMF_LOW), pick(DTMF_HIGH)], between(random, 90, 250));
}

/** Two or three bursts of breath through a throat. */
export function cough(random: Random): Sound {
  const bursts = 2 + Math.floor(random() * 2);
  return joined(
    Array.from({ length: bursts }, () => {
      const decayMs = between(random, 50, 110);
      const burst = throughThroat(
        whiteNoise(random, between(random, 150, 300)),
        between(random, 500, 900),
        0.93,
      );
      const shaped = burst.map(
        (sample, i) => sample * Math.min(1, i / 60) * Math.exp(-i / samplesOf(decayMs)),
      );
      return joined([shaped, silence(between(random, 60, 160))]);
    }),
  );
}

export function breath(random: Random): Sound {
  const ms = between(random, 300, 700);
  const air = throughThroat(whiteNoise(random, ms), between(random, 900, 1800), 0.8);
  return air.map((sample, i) => sample * Math.sin((Math.PI * i) / air.length));
}

/** Something hit or put down. */
export function knock(random: Random): Sound {
  const decayMs = between(random, 8, 40);
  return whiteNoise(random, 200).map((sample, i) => sample * Math.exp(-i / samplesOf(decayMs)));
}

/** Chords that change twice a second. */
export function music(random: Random, ms: number): Sound {
  const chords = Math.ceil(ms / 500);
  const played = Array.from({ length: chords }, () => {
    const root = 180 * 2 ** (Math.floor(random() * 14) / 12);
    const chord = tones([root, root * 1.25, root * 1.5, root * 2, root * 3], 500);
    return chord.map((sample, i) => sample * Math.min(1, i / 80) * Math.exp(-i / samplesOf(350)));
  });
  return joined(played).subarray(0, samplesOf(ms));
}

/** Several people at once, none of them on the telephone. */
export function babble(random: Random, voices: readonly Sound[], ms: number): Sound {
  const mixed = silence(ms);
  for (let speaker = 0; speaker < 6; speaker++) {
    let at = -Math.floor(between(random, 0, samplesOf(1500)));
    while (at < mixed.length) {
      const said = voices[Math.floor(random() * voices.length)];
      if (said === undefined) break;
      const levelled = atLevel(said, -20);
      for (const [i, sample] of levelled.entries()) {
        const position = at + i;
        if (position >= 0 && position < mixed.length) mixed[position] = (mixed[position] ?? 0) + sample;
      }
      at += levelled.length + Math.floor(between(random, 0, samplesOf(400)));
    }
  }
  return mixed;
}

/** A resonance at `hz`: `sharpness` from 0 (none) to 1 (a tone). */
function throughThroat(sound: Sound, hz: number, sharpness: number): Sound {
  const a1 = 2 * sharpness * Math.cos((2 * Math.PI * hz) / RATE_HZ);
  const a2 = -(sharpness ** 2);
  let y1 = 0;
  let y2 = 0;
  return sound.map((sample) => {
    const y = sample + a1 * y1 + a2 * y2;
    y2 = y1;
    y1 = y;
    return y;
  });
}

// ---- the line --------------------------------------------------------------------------------------------

const MU_LAW_BIAS = 0x84;
const MU_LAW_CLIP = 32_635;

/** What is left of 16-bit samples after G.711 µ-law. */
export function throughMuLaw(sample: number): number {
  const magnitude = Math.min(MU_LAW_CLIP, Math.abs(Math.round(sample))) + MU_LAW_BIAS;
  const exponent = Math.max(0, 31 - Math.clz32(magnitude) - 7);
  const step = 1 << (exponent + 3);
  const coded = (Math.floor(magnitude / step) + 0.5) * step - MU_LAW_BIAS;
  return sample < 0 ? -coded : coded;
}
