const SAMPLE_RATE_HZ = 8000;
const HEADER_BYTES = 44;

/** A WAV file, 8 kHz 16-bit mono, of a quiet tone. */
export function toneWav(durationMs: number): Buffer {
  const samples = Math.round((durationMs * SAMPLE_RATE_HZ) / 1000);
  const wav = Buffer.alloc(HEADER_BYTES + samples * 2);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  wav.writeUInt32LE(SAMPLE_RATE_HZ * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i++) {
    wav.writeInt16LE(
      Math.round(1000 * Math.sin((2 * Math.PI * 440 * i) / SAMPLE_RATE_HZ)),
      HEADER_BYTES + i * 2,
    );
  }
  return wav;
}
