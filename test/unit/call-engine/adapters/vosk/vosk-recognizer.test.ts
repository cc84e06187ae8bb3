import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packagedLibrary } from '../../../../../src/call-engine/adapters/vosk/libvosk.ts';
import {
  loadVoskRecognizer,
  type VoskOptions,
} from '../../../../../src/call-engine/adapters/vosk/vosk-recognizer.ts';
import type { RecognizerStream, SpeechRecognizer, Transcript } from '../../../../../src/call-engine/ports.ts';
import { DEMO_MODEL, framesOf, listClips, loadClip, loadWideClip } from '../../../../helpers/clips.ts';

const OPTIONS: VoskOptions = {
  modelPath: DEMO_MODEL,
  libraryPath: null,
  maxQueuedMs: 30_000,
  decodeThreads: 2,
};
const silentLogger = pino({ level: 'silent' });

function openStream(recognizer: SpeechRecognizer, sampleRateHz = 8000) {
  const partials: string[] = [];
  const errors: Error[] = [];
  const stream = recognizer.open({
    sampleRateHz,
    onPartial: ({ text }) => partials.push(text),
    onError: (error) => errors.push(error),
  });
  return { stream, partials, errors };
}

function say(stream: RecognizerStream, samples: Int16Array, frameSamples = 160): Promise<Transcript> {
  for (const frame of framesOf(samples, frameSamples)) stream.write(frame);
  return stream.finish();
}

describe('the demo model in the real engine', () => {
  let recognizer: SpeechRecognizer;

  beforeAll(async () => {
    recognizer = await loadVoskRecognizer(OPTIONS, silentLogger);
  });
  afterAll(() => recognizer.close());

  it.each([8000, 16_000])('hears every clip word for word at %i Hz, on one stream', async (sampleRateHz) => {
    const { stream, errors } = openStream(recognizer, sampleRateHz);
    const load = sampleRateHz === 8000 ? loadClip : loadWideClip;
    const heard: Record<string, string> = {};
    for (const { file } of listClips()) {
      heard[file] = (await say(stream, load(file), sampleRateHz / 50)).text;
    }
    expect(heard).toEqual(Object.fromEntries(listClips().map(({ file, transcript }) => [file, transcript])));
    expect(errors).toEqual([]);
    await stream.close();
  });

  it('keeps eight calls at once apart', async () => {
    const clips = listClips().slice(0, 8);
    const heard = await Promise.all(
      clips.map(async ({ file }) => {
        const { stream } = openStream(recognizer);
        const transcripts = [await say(stream, loadClip(file)), await say(stream, loadClip(file))];
        await stream.close();
        return transcripts.map(({ text }) => text);
      }),
    );
    expect(heard).toEqual(clips.map(({ transcript }) => [transcript, transcript]));
  });

  it('tells words, their times within the utterance and their confidence', async () => {
    const { stream } = openStream(recognizer);
    await say(stream, loadClip('machine-01.wav'));
    const samples = loadClip('affirm-03.wav');
    const transcript = await say(stream, samples);
    expect(transcript.words.map(({ word }) => word)).toEqual(['oui', 'ça', "m'intéresse"]);
    expect(transcript.confidence).toBeGreaterThan(0.8);
    expect(transcript.confidence).toBeLessThanOrEqual(1);
    let lastMs = 0;
    for (const { startMs, endMs } of transcript.words) {
      expect(startMs).toBeGreaterThanOrEqual(lastMs);
      expect(endMs).toBeGreaterThan(startMs);
      lastMs = endMs;
    }
    expect(lastMs).toBeLessThanOrEqual(samples.length / 8);
    await stream.close();
  });

  it('reports growing partials while the utterance is open', async () => {
    const { stream, partials } = openStream(recognizer);
    for (const frame of framesOf(loadClip('machine-02.wav'))) stream.write(frame);
    await expect.poll(() => partials.at(-1)).toMatch(/^votre correspondant n'est pas disponible/);
    await stream.finish();
    expect(partials[0]).not.toBe('');
    expect(new Set(partials).size).toBe(partials.length);
    await stream.close();
  });

  it('joins what the engine cuts at pauses within one utterance', async () => {
    const { stream } = openStream(recognizer);
    for (const file of ['affirm-01.wav', 'deny-02.wav']) {
      for (const frame of framesOf(loadClip(file))) stream.write(frame);
    }
    const transcript = await stream.finish();
    expect(transcript.text).toBe('oui non merci');
    expect(transcript.words.map(({ word }) => word)).toEqual(['oui', 'non', 'merci']);
    await stream.close();
  });

  it('drops words outside the vocabulary but says that there were some', async () => {
    const { stream } = openStream(recognizer);
    const backwards = loadClip('machine-01.wav').reverse();
    const transcript = await say(stream, backwards);
    expect(transcript.hasUnknownWords).toBe(true);
    expect(transcript.text).not.toContain('[unk]');
    expect(transcript.words.map(({ word }) => word)).not.toContain('[unk]');
    await stream.close();
  });

  it('answers an utterance without audio with an empty transcript', async () => {
    const { stream } = openStream(recognizer);
    expect(await stream.finish()).toEqual({ text: '', confidence: 0, words: [], hasUnknownWords: false });
    expect((await say(stream, loadClip('affirm-01.wav'))).text).toBe('oui');
    expect((await stream.finish()).text).toBe('');
    await stream.close();
  });

  it('leaves nothing of a discarded utterance in the next one', async () => {
    const { stream, partials } = openStream(recognizer);
    for (const frame of framesOf(loadClip('machine-01.wav')).slice(0, 100)) stream.write(frame);
    await expect.poll(() => partials.length).toBeGreaterThan(0);
    stream.discard();
    const transcript = await say(stream, loadClip('affirm-01.wav'));
    expect(transcript).toMatchObject({ text: 'oui', hasUnknownWords: false });
    await stream.close();
  });

  it('closes while a decoding is in flight, still answers what was finished, and ignores what comes later', async () => {
    const { stream } = openStream(recognizer);
    const finished = say(stream, loadClip('opt_out-01.wav'));
    for (const frame of framesOf(loadClip('affirm-01.wav'))) stream.write(frame);
    const closed = stream.close();
    stream.write(new Int16Array(160));
    const afterwards = stream.finish();
    expect((await finished).text).toBe("ne m'appelez plus");
    expect((await afterwards).text).toBe('');
    await closed;
    await stream.close();
  });

  it('closing the recogniser closes its streams, and it opens no more', async () => {
    const own = await loadVoskRecognizer(OPTIONS, silentLogger);
    const { stream } = openStream(own);
    const finished = say(stream, loadClip('affirm-02.wav'));
    await own.close();
    await own.close();
    expect((await finished).text).toBe("oui d'accord");
    expect(() => openStream(own)).toThrow(/closed/);
  });
});

describe('a model of a higher rate', () => {
  let directory: string;
  let features: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'minibot-model-'));
    cpSync(DEMO_MODEL, directory, { recursive: true });
    features = join(directory, 'conf/mfcc.conf');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const claimRate = (rateHz: number): void =>
    writeFileSync(features, readFileSync(features, 'utf8').replace('=8000', `=${rateHz}`));

  it('gets telephone audio at its own rate, which would abort the engine otherwise', async () => {
    claimRate(16_000);
    const recognizer = await loadVoskRecognizer({ ...OPTIONS, modelPath: directory }, silentLogger);
    const { stream, errors } = openStream(recognizer, 8000);
    const samples = loadClip('affirm-03.wav');
    const transcript = await say(stream, samples);
    expect(transcript.words.length).toBeGreaterThan(0);
    expect(transcript.words.at(-1)?.endMs).toBeLessThanOrEqual(samples.length / 8);
    expect(errors).toEqual([]);
    await recognizer.close();
  });

  it('is refused when it is more than doubled', async () => {
    claimRate(48_000);
    const recognizer = await loadVoskRecognizer({ ...OPTIONS, modelPath: directory }, silentLogger);
    expect(() => openStream(recognizer, 8000)).toThrow(/48000 Hz.*VOSK_MODEL_PATH/s);
    await recognizer.close();
  });
});

describe('a model that cannot be used', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'minibot-model-'));
    cpSync(DEMO_MODEL, join(directory, 'model'), { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const load = (modelPath: string): Promise<SpeechRecognizer> =>
    loadVoskRecognizer({ ...OPTIONS, modelPath }, silentLogger);

  it('is not there', async () => {
    await expect(load(join(directory, 'none'))).rejects.toMatchObject({
      name: 'OperatorError',
      code: 'VOSK_MODEL_MISSING',
      message: expect.stringMatching(/none.*VOSK_MODEL_PATH/s) as string,
    });
  });

  it('is a file', async () => {
    await expect(load(join(DEMO_MODEL, 'am/final.mdl'))).rejects.toMatchObject({
      code: 'VOSK_MODEL_MISSING',
    });
  });

  it('is an empty folder', async () => {
    const empty = join(directory, 'empty');
    mkdirSync(empty);
    await expect(load(empty)).rejects.toMatchObject({ code: 'VOSK_MODEL_MISSING' });
  });

  it('lies one level down: the message says where', async () => {
    await expect(load(directory)).rejects.toThrow(`VOSK_MODEL_PATH to ${join(directory, 'model')}`);
  });

  it.each(['graph/HCLG.fst', 'am/final.mdl', 'conf/mfcc.conf'])('has an empty %s', async (file) => {
    truncateSync(join(directory, 'model', file));
    await expect(load(join(directory, 'model'))).rejects.toMatchObject({
      code: 'VOSK_MODEL_INCOMPLETE',
      message: expect.stringContaining(file) as string,
    });
  });

  it('is damaged in the middle', async () => {
    truncateSync(join(directory, 'model/am/final.mdl'), 1000);
    await expect(load(join(directory, 'model'))).rejects.toMatchObject({ code: 'VOSK_MODEL_UNREADABLE' });
  });
});

describe('the library', () => {
  it('that the path names is missing', async () => {
    await expect(
      loadVoskRecognizer({ ...OPTIONS, libraryPath: '/nonexistent/libvosk.so' }, silentLogger),
    ).rejects.toMatchObject({ name: 'OperatorError', code: 'VOSK_LIBRARY_MISSING' });
  });

  it('is no library', async () => {
    await expect(
      loadVoskRecognizer({ ...OPTIONS, libraryPath: join(DEMO_MODEL, 'graph/words.txt') }, silentLogger),
    ).rejects.toMatchObject({ name: 'OperatorError', code: 'VOSK_LIBRARY_UNUSABLE' });
  });

  it('is a library, but not libvosk', async () => {
    const other = process.execPath;
    await expect(loadVoskRecognizer({ ...OPTIONS, libraryPath: other }, silentLogger)).rejects.toMatchObject({
      name: 'OperatorError',
      code: 'VOSK_LIBRARY_UNUSABLE',
    });
  });

  it('does not exist for this platform', () => {
    expect(() => packagedLibrary('linux-arm64')).toThrow(/linux-arm64.*VOSK_LIBRARY_PATH/s);
  });
});

it('warns loudly that the demo model knows synthetic voices only', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const recognizer = await loadVoskRecognizer(OPTIONS, logger);
  await recognizer.close();
  expect(lines.join()).toMatch(/SYNTHETIC VOICES ONLY.*VOSK_MODEL_PATH/);
});
