/** G.711 decoding (ITU-T G.711), by table: telephony's two 8-bit companded codes to 16-bit linear samples. */

const MU_LAW_BIAS = 0x84;
const CODES = 256;

function expandMuLaw(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + MU_LAW_BIAS) << ((bits & 0x70) >> 4)) - MU_LAW_BIAS;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
}

function expandALaw(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
}

const MU_LAW_TABLE = Int16Array.from({ length: CODES }, (_, code) => expandMuLaw(code));
const A_LAW_TABLE = Int16Array.from({ length: CODES }, (_, code) => expandALaw(code));

function decode(codes: Uint8Array, table: Int16Array): Int16Array {
  const samples = new Int16Array(codes.length);
  for (const [i, code] of codes.entries()) samples[i] = table[code] ?? 0;
  return samples;
}

export function decodeMuLaw(codes: Uint8Array): Int16Array {
  return decode(codes, MU_LAW_TABLE);
}

export function decodeALaw(codes: Uint8Array): Int16Array {
  return decode(codes, A_LAW_TABLE);
}
