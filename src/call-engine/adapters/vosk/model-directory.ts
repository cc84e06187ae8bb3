import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OperatorError } from '../../../errors.ts';

export interface ModelDirectory {
  /** Absolute. */
  path: string;
  /** The rate the acoustic model was trained at. */
  sampleRateHz: number;
  /** The engine itself takes audio of a lower rate. Without it, such audio aborts the process. */
  allowsUpsampling: boolean;
  /** The model shipped with this project, which has never heard a person. */
  knowsSyntheticVoicesOnly: boolean;
}

interface Layout {
  acoustic: string;
  features: string;
  graphDirectory: string;
}

/** Today's models, and those from before 2020 that lie flat in one folder. */
const LAYOUTS: readonly Layout[] = [
  { acoustic: 'am/final.mdl', features: 'conf/mfcc.conf', graphDirectory: 'graph' },
  { acoustic: 'final.mdl', features: 'mfcc.conf', graphDirectory: '.' },
];
/** Kaldi's default where mfcc.conf names no rate. */
const DEFAULT_SAMPLE_RATE_HZ = 16_000;
const SYNTHETIC_MARK = 'SYNTHETIC-VOICES-ONLY';
const REMEDY =
  'Set VOSK_MODEL_PATH to an unpacked Vosk model: the folder that holds am/, conf/ and graph/. French models: ' +
  'https://alphacephei.com/vosk/models';

/**
 * Looks at a model before the engine does, which crashes on some incomplete ones. Throws an `OperatorError` that names
 * VOSK_MODEL_PATH when the directory is missing, unreadable or incomplete.
 */
export async function inspectModelDirectory(modelPath: string): Promise<ModelDirectory> {
  const path = resolve(modelPath);
  const layout = await findLayout(path);
  const missing = await missingFiles(path, layout);
  if (missing.length > 0) {
    throw new OperatorError(
      'VOSK_MODEL_INCOMPLETE',
      `the speech model ${path} is incomplete: ${missing.join(', ')} missing or empty. ${REMEDY}`,
    );
  }
  const options = parseKaldiOptions(await readFile(join(path, layout.features), 'utf8'));
  return {
    path,
    sampleRateHz: Number(options.get('sample-frequency') ?? DEFAULT_SAMPLE_RATE_HZ),
    allowsUpsampling: options.get('allow-upsample') === 'true',
    knowsSyntheticVoicesOnly: await exists(join(path, SYNTHETIC_MARK)),
  };
}

async function findLayout(path: string): Promise<Layout> {
  const entries = await entriesOf(path);
  for (const layout of LAYOUTS) {
    if (await exists(join(path, layout.acoustic))) return layout;
  }
  // Archives hold one folder of their own name: an easy slip when unpacking.
  for (const entry of entries) {
    if (await exists(join(path, entry, 'am/final.mdl'))) {
      throw new OperatorError(
        'VOSK_MODEL_MISSING',
        `${path} holds a speech model one level down: set VOSK_MODEL_PATH to ${join(path, entry)}`,
      );
    }
  }
  throw new OperatorError('VOSK_MODEL_MISSING', `${path} is not a speech model. ${REMEDY}`);
}

async function entriesOf(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    throw new OperatorError('VOSK_MODEL_MISSING', `there is no speech model at ${path}. ${REMEDY}`, {
      cause: error,
    });
  }
}

async function missingFiles(path: string, layout: Layout): Promise<string[]> {
  const missing: string[] = [];
  for (const file of [layout.acoustic, layout.features]) {
    if (!(await isFilled(join(path, file)))) missing.push(file);
  }
  const graph = (file: string): Promise<boolean> => isFilled(join(path, layout.graphDirectory, file));
  const hasStaticGraph = await graph('HCLG.fst');
  const hasDynamicGraph = (await graph('HCLr.fst')) && (await graph('Gr.fst'));
  if (!hasStaticGraph && !hasDynamicGraph) {
    missing.push(join(layout.graphDirectory, 'HCLG.fst') + ' (or HCLr.fst with Gr.fst)');
  }
  return missing;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    // Absent and unreadable are one to us: the engine could not use it either.
    () => false,
  );
}

async function isFilled(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile() && found.size > 0,
    () => false,
  );
}

/** `--name=value` lines, `#` comments; a bare `--name` means true. */
function parseKaldiOptions(text: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^\s*--([^=\s#]+)\s*(?:=\s*([^\s#]*))?/.exec(line) ?? [];
    if (name !== undefined) options.set(name, value ?? 'true');
  }
  return options;
}
