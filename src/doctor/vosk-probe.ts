import pino from 'pino';
import { inspectModelDirectory } from '../call-engine/adapters/vosk/model-directory.ts';
import { loadVoskRecognizer } from '../call-engine/adapters/vosk/vosk-recognizer.ts';
import { OperatorError } from '../errors.ts';

/**
 * A process of its own, because libvosk ends the process on models that it cannot stand: loads the model, decodes a second
 * of audio, and prints one JSON line. `vosk-probe.ts <model> <library or ''> <stream rate>`
 */

const MB = 1024 ** 2;

async function probe(modelPath: string, libraryPath: string, streamHz: number): Promise<object> {
  const { sampleRateHz } = await inspectModelDirectory(modelPath);
  const memoryBefore = process.memoryUsage.rss();
  const startedMs = performance.now();
  const recognizer = await loadVoskRecognizer(
    {
      modelPath,
      libraryPath: libraryPath === '' ? null : libraryPath,
      maxQueuedMs: 10_000,
      decodeThreads: 1,
    },
    pino({ level: 'silent' }),
  );
  const loadMs = performance.now() - startedMs;
  const failures: Error[] = [];
  const stream = recognizer.open({
    sampleRateHz: streamHz,
    onPartial: () => undefined,
    onError: (error) => failures.push(error),
  });
  try {
    const decodingMs = performance.now();
    stream.write(noise(streamHz));
    await stream.finish();
    if (failures[0] !== undefined) throw failures[0];
    return {
      ok: true,
      modelHz: sampleRateHz,
      loadMs: Math.round(loadMs),
      decodeMs: Math.round(performance.now() - decodingMs),
      memoryMb: Math.round((process.memoryUsage.rss() - memoryBefore) / MB),
    };
  } finally {
    await stream.close();
    await recognizer.close();
  }
}

/** A second that is no silence, the same every time. */
function noise(rateHz: number): Int16Array {
  let state = 1;
  return Int16Array.from({ length: rateHz }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state % 8192) - 4096;
  });
}

const [modelPath = '', libraryPath = '', rate = ''] = process.argv.slice(2);
try {
  process.stdout.write(`${JSON.stringify(await probe(modelPath, libraryPath, Number(rate)))}\n`);
} catch (error) {
  const { message } = error instanceof Error ? error : { message: String(error) };
  const detail = error instanceof OperatorError ? message : `the speech engine failed: ${message}`;
  process.stdout.write(`${JSON.stringify({ ok: false, detail })}\n`);
}
