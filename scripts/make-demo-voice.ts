/**
 * Makes the demo voice: every prompt of the shipped scenarios, every acknowledgement of the engine and every answer of
 * their objection themes, spoken by espeak-ng and written to `audio/` as 8 kHz mono µ-law. Needs espeak-ng and sox. The
 * result is committed: run it after a text has changed.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { loadObjectionThemes } from '../src/call-engine/objections/load.ts';
import { listScenarioIds, loadScenario } from '../src/call-engine/scenario/load.ts';
import type { Recording, Scenario } from '../src/call-engine/scenario/schema.ts';
import { fillTemplate } from '../src/call-engine/scenario/template.ts';
import { OperatorError } from '../src/errors.ts';
import { answersOf, promptsOf } from '../src/voices/needed-recordings.ts';

const run = promisify(execFile);

const ROOT = path.join(import.meta.dirname, '..');
const VOICE = 'demo';
/** Brisk, so that prompts stay short, and still clear on a telephone line. */
const SPEECH = ['-v', 'fr+f2', '-s', '185', '-p', '45', '-g', '1'];
const DEADLINE_MS = 30_000;
/** Names that espeak-ng would say in French. */
const PRONUNCIATIONS: Readonly<Record<string, string>> = { GoldInvest: 'Golde Invest', SMS: 'èss émm èss' };

async function main(): Promise<void> {
  const recordings = await recordingsToMake();
  const scratch = await mkdtemp(path.join(tmpdir(), 'demo-voice-'));
  try {
    for (const [audioPath, text] of recordings) {
      const spoken = path.join(scratch, 'spoken.wav');
      const target = path.join(ROOT, 'audio', audioPath);
      await mkdir(path.dirname(target), { recursive: true });
      await tool('espeak-ng', [...SPEECH, '-w', spoken, asSpoken(text)]);
      await tool('sox', ['-R', spoken, ...format(target), ...telephone()]);
      console.log(audioPath);
    }
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** Path → text, each path once. */
async function recordingsToMake(): Promise<Map<string, string>> {
  const recordings = new Map<string, string>();
  const add = ({ audioPath, text }: Recording) => {
    if (!audioPath.startsWith(`${VOICE}/`)) return;
    const known = recordings.get(audioPath);
    if (known !== undefined && known !== text) {
      throw new OperatorError('DEMO_VOICE_AMBIGUOUS', `${audioPath} has two texts: "${known}" and "${text}"`);
    }
    recordings.set(audioPath, text);
  };
  const directory = path.join(ROOT, 'scenarios');
  for (const id of await listScenarioIds(directory)) {
    const scenario = await loadScenario(directory, id, { voice: VOICE, listenTimeoutMs: 4000 });
    for (const recording of await recordingsOf(scenario)) add(recording);
  }
  return recordings;
}

async function recordingsOf(scenario: Scenario): Promise<Recording[]> {
  const themes = await loadObjectionThemes({
    directory: path.join(ROOT, 'objections'),
    theme: scenario.theme,
  });
  return [...promptsOf(scenario), ...answersOf(scenario, themes)];
}

/** What a recording can say: nothing that only a call knows. */
function asSpoken(text: string): string {
  let spoken = fillTemplate(text, {});
  for (const [name, sound] of Object.entries(PRONUNCIATIONS)) spoken = spoken.replaceAll(name, sound);
  return spoken.replaceAll(/[«»]/g, '').replaceAll(/\s+/g, ' ').trim();
}

function format(target: string): string[] {
  return ['-r', '8000', '-c', '1', '-e', 'mu-law', target];
}

/** sox effects: telephone band, no silence before and little after, an even level, peak at −3 dBFS. */
function telephone(): string[] {
  const trimStart = ['silence', '1', '0.005', '0.5%'];
  return [
    ...['highpass', '250', 'lowpass', '3400'],
    ...trimStart,
    ...['reverse', ...trimStart, 'reverse'],
    ...['compand', '0.01,0.2', '6:-60,-60,-30,-18,0,-6', '0', '-60', '0.05'],
    ...['pad', '0.02', '0.12'],
    ...['rate', '-v', '8000'],
    ...['gain', '-n', '-3.2'],
  ];
}

async function tool(command: string, args: string[]): Promise<void> {
  try {
    await run(command, args, { timeout: DEADLINE_MS });
  } catch (error) {
    throw new OperatorError(
      'DEMO_VOICE_TOOL_FAILED',
      `${command} failed: is it installed (apt-get install espeak-ng sox)?`,
      { cause: error },
    );
  }
}

await main();
