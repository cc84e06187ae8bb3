import { loadFvad } from '../../call-engine/adapters/fvad/fvad-detector.ts';
import { expectedAnswerTo } from '../../call-engine/turn/expected-answer.ts';
import { loadConfig, type Config } from '../../config.ts';
import { OperatorError } from '../../errors.ts';
import { createDeafRecognizer } from '../../hearing/deaf-recognizer.ts';
import { hearTurns, type Heard } from '../../hearing/hear-turns.ts';
import { openFileRecognizer, type SettlingRecognizer } from '../../hearing/settling-recognizer.ts';
import { readSound, type Channel, type Sound } from '../../hearing/sound-file.ts';
import { transcribe, type Transcription } from '../../hearing/transcribe.ts';
import { findFfmpeg } from '../../voices/ffmpeg.ts';
import { UnusableRecording } from '../../voices/recording-problem.ts';
import { callSessionOptions } from '../../workers/call-settings.ts';
import type { CommandContext } from '../command-context.ts';
import { formatDecimal, formatNumber, formatSeconds } from '../format.ts';
import { resolvePath } from '../input-file.ts';
import { ProgressBar } from '../progress.ts';
import { drawSound } from '../sound-picture.ts';

export interface DebugHearingOptions {
  /** Of a file with two; absent mixes them. */
  channel?: Channel;
  /** Through the band and coding of a telephone line. */
  telephone: boolean;
}

const DEFAULT_COLUMNS = 80;
const SECOND_MS = 1000;

/** What of a sound counts as speech and where its turns end, by the listener and the settings of calls. */
export async function runDebugVad(
  context: CommandContext,
  file: string,
  options: DebugHearingOptions & { question?: string },
): Promise<undefined> {
  const { terminal, signal } = context;
  const config = loadConfig(context.environment);
  const sound = await soundOf(context, config, file, options);
  const { listener, vadAggressiveness } = callSessionOptions(config);
  const expected = options.question === undefined ? 'closed' : expectedAnswerTo(options.question);
  const { recognizer, note } = await recognizerIfThere(context, config);
  const createVad = await loadFvad();
  try {
    const vad = createVad({ sampleRateHz: sound.sampleRateHz, aggressiveness: vadAggressiveness });
    const heard = await withProgress(context, sound, (onProgress) =>
      hearTurns({ vad, recognizer, options: listener }, sound, { expected, signal, onProgress }),
    );
    if (context.json) {
      terminal.printJson({
        ...{ file, throughTelephone: options.telephone, sampleRateHz: sound.sampleRateHz },
        ...{ durationMs: sound.durationMs, expected, vadMode: vadAggressiveness, settings: listener },
        ...heardAsJson(heard),
      });
      return undefined;
    }
    printPicture(context, heard);
    printSettings(context, { sound, heard, expected, config, telephone: options.telephone });
    printHeard(context, heard);
    if (note !== null) terminal.printNote(note);
  } finally {
    await recognizer.close();
  }
  return undefined;
}

/** What the recogniser of calls understands of a sound, as one utterance. */
export async function runDebugAsr(
  context: CommandContext,
  file: string,
  options: DebugHearingOptions,
): Promise<undefined> {
  const { messages, terminal, signal } = context;
  const config = loadConfig(context.environment);
  const sound = await soundOf(context, config, file, options);
  const { recognizer, knowsSyntheticVoicesOnly } = await openFileRecognizer(config.vosk);
  try {
    const transcription = await withProgress(context, sound, (onProgress) =>
      transcribe(recognizer, sound, { signal, onProgress }),
    );
    if (context.json) {
      const { sampleRateHz, durationMs } = sound;
      const realTimeFactor = transcription.decodingMs / durationMs;
      terminal.printJson({
        ...{ file, throughTelephone: options.telephone, sampleRateHz, durationMs },
        ...{ model: config.vosk.modelPath, ...transcription, realTimeFactor },
      });
      return undefined;
    }
    printTranscription(context, sound, transcription, options);
    if (knowsSyntheticVoicesOnly) terminal.printNote(messages.debugAudio.synthetic);
  } finally {
    await recognizer.close();
  }
  return undefined;
}

async function soundOf(
  { messages, environment, signal }: CommandContext,
  { streaming }: Config,
  file: string,
  { channel = 'both', telephone }: DebugHearingOptions,
): Promise<Sound> {
  const ffmpeg = await findFfmpeg(environment['PATH'] ?? '');
  try {
    return await readSound({
      ...{ ffmpeg, signal, file: resolvePath(file, environment) },
      sampleRateHz: streaming.sampleRateHz,
      ...{ channel, throughTelephone: telephone },
    });
  } catch (error) {
    if (!(error instanceof UnusableRecording)) throw error;
    const problem = messages.audio.setup.problems[error.problem];
    throw new OperatorError(error.code, messages.debugAudio.unusable(file, problem), { cause: error });
  }
}

/** Turns can be found without words, less well: a model that is not there is told, not required. */
async function recognizerIfThere(
  { messages }: CommandContext,
  config: Config,
): Promise<{ recognizer: SettlingRecognizer; note: string | null }> {
  const texts = messages.debugAudio;
  try {
    const { recognizer, knowsSyntheticVoicesOnly } = await openFileRecognizer(config.vosk);
    return { recognizer, note: knowsSyntheticVoicesOnly ? texts.synthetic : null };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { recognizer: createDeafRecognizer(), note: texts.deaf };
  }
}

async function withProgress<T>(
  { messages, terminal }: CommandContext,
  { durationMs }: Sound,
  work: (onProgress: (heardMs: number) => void) => Promise<T>,
): Promise<T> {
  const bar = new ProgressBar(terminal.stderr, messages.debugAudio.progress, () => performance.now());
  const seconds = (ms: number): number => Math.round(Math.min(ms, durationMs) / SECOND_MS);
  try {
    return await work((heardMs) => {
      bar.update(seconds(heardMs), seconds(durationMs));
    });
  } finally {
    bar.clear();
  }
}

function heardAsJson({ frameMs, frames, utterances, turns }: Heard) {
  const rounded = (value: number): number => Number(value.toFixed(1));
  return {
    frames: {
      frameMs,
      levelDbfs: frames.map(({ levelDbfs }) => rounded(levelDbfs)),
      floorDbfs: frames.map(({ floorDbfs }) => rounded(floorDbfs)),
      voiced: frames.map(({ isVoiced }) => (isVoiced ? 1 : 0)),
    },
    utterances,
    turns,
  };
}

function printPicture({ messages, terminal }: CommandContext, heard: Heard): void {
  const { colors, stdout } = terminal;
  const { titles, legend } = messages.debugAudio;
  const width = (stdout.columns ?? 0) || DEFAULT_COLUMNS;
  const paint = {
    time: colors.dim,
    level: colors.cyan,
    voiced: colors.dim,
    speech: colors.green,
    turn: colors.bold,
  };
  for (const stripe of drawSound(heard, { width: width - 1, titles })) {
    for (const { kind, text } of stripe) terminal.print(paint[kind](text));
    terminal.print();
  }
  terminal.print(colors.dim(legend));
  terminal.print();
}

function printSettings(
  { messages, terminal }: CommandContext,
  shown: { sound: Sound; heard: Heard; expected: 'closed' | 'open'; config: Config; telephone: boolean },
): void {
  const texts = messages.debugAudio;
  const { sound, heard, expected, config, telephone } = shown;
  const { listener, vadAggressiveness } = callSessionOptions(config);
  const { speech, noiseGate } = listener;
  const number = (value: number): string => formatNumber(value, messages);
  const decimal = (value: number): string => formatDecimal(value, messages);
  const floors = heard.frames.map(({ floorDbfs }) => floorDbfs);
  const voiced = heard.frames.filter(({ isVoiced }) => isVoiced).length;
  terminal.printFacts([
    [texts.sound, describeSound(sound, telephone, messages)],
    [
      texts.detector,
      texts.detectorOf(vadAggressiveness, speech.startVoicedMs, speech.startWindowMs, speech.stopMs),
    ],
    [texts.gate, texts.gateOf(number(noiseGate.aboveFloorDb), number(noiseGate.minimumDbfs))],
    [texts.floor, texts.floorOf(decimal(Math.min(...floors)), decimal(Math.max(...floors)))],
    [
      texts.frames,
      texts.framesOf(
        number(voiced),
        number(heard.frames.length),
        formatSeconds(voiced * heard.frameMs, messages),
      ),
    ],
    [texts.question, texts.questionOf[expected]],
  ]);
}

function describeSound(
  { durationMs, sampleRateHz }: Sound,
  telephone: boolean,
  messages: CommandContext['messages'],
): string {
  const texts = messages.debugAudio;
  const sound = texts.soundOf(
    formatSeconds(durationMs, messages),
    formatNumber(sampleRateHz / 1000, messages),
  );
  return telephone ? `${sound}, ${texts.throughTelephone}` : sound;
}

function printHeard({ messages, terminal }: CommandContext, { utterances, turns }: Heard): void {
  const texts = messages.debugAudio;
  const seconds = (ms: number): string => formatSeconds(ms, messages);
  const decimal = (value: number): string => formatDecimal(value, messages);
  terminal.print();
  if (utterances.length === 0) {
    terminal.print(texts.noSpeech);
    return;
  }
  terminal.printHeading(texts.utterances(formatNumber(utterances.length, messages)));
  terminal.printTable(
    [texts.start, texts.end, texts.length, texts.levelOf],
    utterances.map(({ startMs, endMs, levelDbfs }) => [
      ...[seconds(startMs), seconds(endMs), seconds(endMs - startMs)],
      `${decimal(levelDbfs)} dBFS`,
    ]),
  );
  terminal.print();
  terminal.printHeading(texts.turns(formatNumber(turns.length, messages)));
  terminal.printTable(
    [texts.number, texts.start, texts.end, texts.over, texts.pause, texts.rule],
    turns.map((turn) => [
      ...[formatNumber(turn.number, messages), seconds(turn.startMs), seconds(turn.endMs)],
      ...[seconds(turn.decidedMs), seconds(turn.decidedMs - turn.endMs), texts.rules[turn.endedBy]],
    ]),
  );
  terminal.print();
  terminal.printFacts(
    turns.map(({ number, text }) => [
      `${texts.words} ${formatNumber(number, messages)}`,
      text === '' ? texts.nothing : text,
    ]),
  );
}

function printTranscription(
  { messages, terminal }: CommandContext,
  sound: Sound,
  { partials, text, confidence, words, hasUnknownWords, decodingMs }: Transcription,
  { telephone }: DebugHearingOptions,
): void {
  const texts = messages.debugAudio;
  const seconds = (ms: number): string => formatSeconds(ms, messages);
  const percent = (share: number): string => `${formatDecimal(share * 100, messages)} %`;
  if (partials.length > 0) {
    terminal.printHeading(texts.partials);
    terminal.printTable(
      [texts.at, texts.heard],
      partials.map((partial) => [seconds(partial.atMs), partial.text]),
    );
    terminal.print();
  }
  if (words.length > 0) {
    terminal.printHeading(texts.words);
    terminal.printTable(
      [texts.start, texts.end, texts.word, texts.confidence],
      words.map((one) => [seconds(one.startMs), seconds(one.endMs), one.word, percent(one.confidence)]),
    );
    terminal.print();
  }
  const factor = new Intl.NumberFormat(messages.locale, { maximumSignificantDigits: 2 });
  terminal.printFacts([
    [texts.final, text === '' ? texts.nothing : text],
    [texts.confidence, text === '' ? null : percent(confidence)],
    [texts.sound, describeSound(sound, telephone, messages)],
    [
      texts.speed,
      texts.speedOf(
        factor.format(decodingMs / sound.durationMs),
        formatSeconds(Math.round(decodingMs), messages),
      ),
    ],
  ]);
  if (hasUnknownWords) terminal.printNote(texts.unknownWords);
}
