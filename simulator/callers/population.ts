import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { z } from 'zod';

import { SimulatorError } from '../errors.ts';
import type { Callee } from '../switch/callee.ts';
import { ClipLibrary } from './clip-library.ts';
import type { Persona } from './persona-schema.ts';
import { personaSchema, populationSchema } from './persona-schema.ts';
import { ScriptedCallee } from './scripted-callee.ts';

interface PopulationOptions {
  /** JSON file of `populationSchema`; null: nobody but the unknown numbers' rule. */
  populationFile: string | null;
  /** Folder of `<persona>.json`. */
  personasDir: string;
  /** Folder of the callees' WAV files. */
  clipsDir: string;
  /** Numbers that nobody has: `lab` acts by the last two digits (personas `lab-<digits>`), `not-found` answers 404. */
  unknownNumbers: 'lab' | 'not-found';
}

/** Everybody who can be called. Counts calls per number: a persona may act differently on the second one. */
export class Population {
  readonly #numbers: ReadonlyMap<string, string>;
  readonly #personas: ReadonlyMap<string, Persona>;
  readonly #clips: ClipLibrary;
  readonly #unknownNumbers: 'lab' | 'not-found';
  readonly #calls = new Map<string, number>();

  /** Reads and checks everything; throws a SimulatorError that names the file and the fault. */
  constructor(options: PopulationOptions) {
    this.#clips = new ClipLibrary(options.clipsDir);
    this.#personas = loadPersonas(options.personasDir);
    this.#unknownNumbers = options.unknownNumbers;
    this.#numbers =
      options.populationFile === null
        ? new Map()
        : new Map(Object.entries(parseFile(options.populationFile, populationSchema).numbers));
    for (const [number, persona] of this.#numbers) {
      if (!this.#personas.has(persona)) {
        const known = [...this.#personas.keys()].join(', ');
        throw new SimulatorError(
          'persona-unknown',
          `${number} is said to be "${persona}"; known personas: ${known}`,
        );
      }
    }
    for (const persona of this.#personas.values()) this.#checkClips(persona);
  }

  get size(): number {
    return this.#numbers.size;
  }

  /** Who answers this number now; asking counts as a call. */
  callee(number: string): Callee {
    const e164 = toE164(number);
    const name = this.#numbers.get(e164) ?? this.#unknown(e164);
    const calls = this.#calls.get(e164) ?? 0;
    this.#calls.set(e164, calls + 1);
    const persona = this.#personas.get(name);
    const attempt = persona?.attempts[Math.min(calls, persona.attempts.length - 1)];
    if (attempt === undefined) throw new SimulatorError('persona-unknown', `persona "${name}" is missing`);
    return new ScriptedCallee({ persona: name, attempt, clip: (clip) => this.#clips.get(clip) });
  }

  #unknown(number: string): string {
    const lab = `lab-${number.slice(-2)}`;
    return this.#unknownNumbers === 'lab' && this.#personas.has(lab) ? lab : 'invalid-number';
  }

  #checkClips(persona: Persona): void {
    for (const attempt of persona.attempts) {
      for (const reaction of attempt.script) for (const clip of [reaction.says].flat()) this.#clips.get(clip);
    }
  }
}

/** `0199…`, `33199…` and `+33199…` are the same French number. */
function toE164(number: string): string {
  const digits = number.replace(/^\+/, '');
  return digits.startsWith('0') && !digits.startsWith('00') ? `+33${digits.slice(1)}` : `+${digits}`;
}

function loadPersonas(dir: string): Map<string, Persona> {
  let files: string[];
  try {
    files = readdirSync(dir).filter((file) => file.endsWith('.json'));
  } catch (error) {
    throw new SimulatorError('personas-unreadable', `cannot read the personas' folder ${dir}`, {
      cause: error,
    });
  }
  const personas = new Map(
    files.map((file) => [basename(file, '.json'), parseFile(join(dir, file), personaSchema)] as const),
  );
  if (!personas.has('invalid-number')) {
    throw new SimulatorError(
      'persona-missing',
      `${dir} needs invalid-number.json, for numbers that nobody has`,
    );
  }
  return personas;
}

function parseFile<S extends z.ZodType>(path: string, schema: S): z.infer<S> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new SimulatorError('file-unreadable', `${path}: ${detail}`, { cause: error });
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const faults = result.error.issues
    .map((issue) => `${issue.path.join('.') || '(file)'}: ${issue.message}`)
    .join('; ');
  throw new SimulatorError('file-invalid', `${path}: ${faults}`);
}
