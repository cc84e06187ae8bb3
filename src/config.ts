import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'dotenv';
import type { z } from 'zod';
import { misspellings } from './config/known-names.ts';
import { contradictions, resolveConfig, warningsAbout, type ResolvedConfig } from './config/resolve.ts';
import { ALIASES, SECRETS, VARIABLES, type Alias } from './config/variables.ts';
import { OperatorError } from './errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The whole configuration: complete, typed, frozen. Durations are milliseconds. */
export interface Config extends Readonly<ResolvedConfig> {
  /** For the operator, to be logged at start. No secret is in them. */
  readonly warnings: readonly string[];
}

/** A configuration that cannot be used; its message lists the faults. */
export class ConfigError extends OperatorError {
  constructor(readonly faults: readonly string[]) {
    const [first, ...others] = faults;
    const list = others.length === 0 ? ` ${first ?? ''}` : ['', first, ...others].join('\n  - ');
    super('CONFIG_INVALID', `the configuration cannot be used:${list}`);
  }
}

/** The environment of the process on top of the file `.env` in `directory`, if there is one. */
export function readEnvironment(
  directory: string = process.cwd(),
  own: Environment = process.env,
): Environment {
  const file = path.join(directory, '.env');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return own;
    throw new OperatorError('CONFIG_UNREADABLE', `${file} cannot be read: check its permissions`, {
      cause: error,
    });
  }
  return { ...parse(text), ...own };
}

/** Throws one `ConfigError` that lists every fault: the variable, what was given, what is allowed. */
export function loadConfig(environment: Environment): Config {
  const given = withoutEmpty(environment);
  const { values, warnings: aliasWarnings } = applyAliases(given);
  const parsed = VARIABLES.safeParse(values);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => describe(issue, given)));
  const faults = contradictions(parsed.data);
  if (faults.length > 0) throw new ConfigError(faults);
  const guesses = misspellings(Object.keys(given)).map(
    ({ name, meant }) => `${name} is not known: did you mean ${meant}?`,
  );
  return deepFreeze({
    ...resolveConfig(parsed.data),
    warnings: [...aliasWarnings, ...warningsAbout(parsed.data), ...guesses],
  });
}

/** For whoever talks to the switch. There is no default: a well-known password is an open switch. */
export function eslPasswordOf(config: Config): string {
  if (config.freeswitch.eslPassword !== null) return config.freeswitch.eslPassword;
  throw new OperatorError(
    'CONFIG_INVALID',
    'FREESWITCH_ESL_PASSWORD is not set: write the password of event_socket.conf.xml into .env',
  );
}

/** For the web door. There is no default password: whoever guesses it can stop campaigns and read about people. */
export function webCredentialsOf(config: Config): { username: string; password: string } {
  const { username, password } = config.web;
  if (password !== null) return { username, password };
  throw new OperatorError(
    'CONFIG_INVALID',
    'API_PASSWORD is not set: choose a password of at least 12 characters and write it into .env',
  );
}

/** `NAME=` in a file means that it is not set. */
function withoutEmpty(environment: Environment): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, text] of Object.entries(environment)) {
    if (text !== undefined && text.trim() !== '') given[name] = text;
  }
  return given;
}

function applyAliases(given: Record<string, string>): { values: Record<string, string>; warnings: string[] } {
  const values = { ...given };
  const warnings: string[] = [];
  for (const alias of ALIASES) {
    const text = given[alias.name];
    if (text === undefined) continue;
    if (given[alias.of] === undefined) values[alias.of] = converted(text, alias);
    else warnings.push(`${alias.of} is used; ${alias.name}, its old name, has no effect`);
  }
  return { values, warnings };
}

function converted(text: string, alias: Alias): string {
  const number = Number(text);
  return alias.factor === undefined || Number.isNaN(number)
    ? text
    : String(Math.round(number * alias.factor));
}

/** `NAME is "given"; allowed: …`, under the name that the operator wrote. */
function describe(issue: z.core.$ZodIssue, given: Readonly<Record<string, string>>): string {
  const variable = String(issue.path[0]);
  const alias = ALIASES.find((candidate) => candidate.of === variable && given[variable] === undefined);
  const name = alias?.name ?? variable;
  const shown = SECRETS.has(variable)
    ? 'cannot be used (its value is not shown)'
    : `is ${JSON.stringify(given[name])}`;
  const meaning = alias === undefined ? '' : ` (now ${variable})`;
  return `${name}${meaning} ${shown}; allowed: ${issue.message}`;
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value) as unknown[]) {
    if (typeof part === 'object' && part !== null) deepFreeze(part);
  }
  return Object.freeze(value);
}
