import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { inspectModelDirectory } from '../../call-engine/adapters/vosk/model-directory.ts';
import type { Config, Environment } from '../../config.ts';
import { OperatorError } from '../../errors.ts';
import type { Check, CheckContext } from '../check.ts';
import { finding, type Finding } from '../findings.ts';

const run = promisify(execFile);
const PROBE = fileURLToPath(new URL('../vosk-probe.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');

/** libuv's own, where the environment says nothing. */
const DEFAULT_POOL = 4;
/** Several calls share the machine: a stream that takes this much of its time leaves no room. */
const SLOW_DECODE_MS = 300;

const answer = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    modelHz: z.number(),
    loadMs: z.number(),
    decodeMs: z.number(),
    memoryMb: z.number(),
  }),
  z.object({ ok: z.literal(false), detail: z.string() }),
]);

/** Speech recognition: library and model load, and decode. */
export const checkVosk: Check = async (context) => {
  const { config, environment } = context;
  const { modelPath } = config.vosk;
  try {
    const { knowsSyntheticVoicesOnly } = await inspectModelDirectory(modelPath);
    return [
      ...(await probe(context)),
      ...(knowsSyntheticVoicesOnly ? [finding('vosk_demo', {})] : []),
      ...threadFindings(config, environment),
    ];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    // What the message says to do stands in the finding as well.
    const [detail = ''] = error.message.split('. Set ');
    return [finding('vosk_model_missing', { detail })];
  }
};

async function probe({ config, signal }: CheckContext): Promise<Finding[]> {
  const { modelPath, libraryPath } = config.vosk;
  const rate = config.streaming.sampleRateHz;
  const args = ['--import', TSX, PROBE, path.resolve(modelPath), libraryPath ?? '', String(rate)];
  let said: string;
  try {
    ({ stdout: said } = await run(process.execPath, args, { signal, killSignal: 'SIGKILL' }));
  } catch (error) {
    signal.throwIfAborted();
    return [finding('vosk_crashed', { path: modelPath, detail: endOf(error) })];
  }
  const result = answer.parse(JSON.parse(said));
  if (!result.ok) return [finding('fault', { message: result.detail })];
  const { modelHz, loadMs, decodeMs, memoryMb } = result;
  return [
    finding('vosk_model', {
      model: modelPath,
      rateHz: modelHz,
      loadMs,
      memoryMb,
    }),
    finding(decodeMs > SLOW_DECODE_MS ? 'vosk_slow' : 'vosk_decodes', { decodeMs }),
    ...(rate < modelHz ? [finding('vosk_doubled', { streamHz: rate, modelHz })] : []),
  ];
}

/** `SIGABRT`, or the status with which the process ended. */
function endOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const signalName = 'signal' in error ? error.signal : null;
  return String(signalName ?? ('code' in error ? error.code : error.message));
}

function threadFindings({ vosk }: Config, environment: Environment): Finding[] {
  const pool = Number(environment['UV_THREADPOOL_SIZE'] ?? DEFAULT_POOL);
  const threads = vosk.decodeThreads;
  return threads < pool ? [] : [finding('vosk_threads', { threads, pool, wanted: threads + 2 })];
}
