import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { Population } from '../../../simulator/callers/population.ts';

const simulatorDir = new URL('../../../simulator/', import.meta.url).pathname;

describe('Population', () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'population-'));
  });

  afterEach(() => rmSync(dir, { recursive: true }));

  const population = (
    numbers: Record<string, unknown> | null,
    personasDir = join(simulatorDir, 'personas'),
  ): Population => {
    const file = join(dir, 'population.json');
    if (numbers !== null) writeFileSync(file, JSON.stringify({ numbers }));
    return new Population({
      populationFile: numbers === null ? join(simulatorDir, 'population.json') : file,
      personasDir,
      clipsDir: join(simulatorDir, 'audio'),
      unknownNumbers: 'lab',
    });
  };

  it('loads the shipped personas, clips and numbers, all of the latter reserved for fiction', () => {
    expect(population(null).size).toBeGreaterThanOrEqual(16);
  });

  it('lets a persona act differently on its next call, the last way again and again', () => {
    const people = population({ '+33639982010': 'no-answer-then-yes' });
    const plans = [1, 2, 3].map(() => people.callee('33639982010').plan.then);
    expect(plans).toEqual(['ring', 'answer', 'answer']);
  });

  it('knows a French number in every way of writing it', () => {
    const people = population({ '+33639982009': 'busy' });
    const personas = ['+33639982009', '33639982009', '0639982009'].map(
      (number) => people.callee(number).persona,
    );
    expect(personas).toEqual(['busy', 'busy', 'busy']);
  });

  it('answers for unknown numbers by their last two digits, otherwise 404', () => {
    const people = population({});
    expect(people.callee('33199000103').plan).toMatchObject({ then: 'refuse', sipStatus: 486 });
    expect(people.callee('33199000199').plan).toMatchObject({ then: 'refuse', sipStatus: 404 });
  });

  it('refuses a persona that is not there, naming the ones that are', () => {
    expect(() => population({ '+33639982001': 'says-maybe' })).toThrow(
      /"says-maybe"; known personas: .*says-yes/,
    );
  });

  it('refuses a number that is not E.164', () => {
    expect(() => population({ '0639982001': 'busy' })).toThrow(/population.json: numbers/);
  });

  it('names the file and the fault of a persona that is not well made', () => {
    const faults: [unknown, RegExp][] = [
      [{ attempts: [{}] }, /bad.json: description/],
      [{ description: 'x', attempts: [{ script: [{ heard: 'x.wav' }] }] }, /bad.json: attempts.0.script.0/],
      [
        { description: 'x', attempts: [{ leg: { then: 'refuse', sipStatus: 200 } }] },
        /bad.json: attempts.0.leg/,
      ],
      [
        { description: 'x', attempts: [{ script: [{ onAnswer: 0, says: 'missing.wav' }] }] },
        /no usable clip missing.wav/,
      ],
    ];
    writeFileSync(
      join(dir, 'invalid-number.json'),
      '{"description":"x","attempts":[{"leg":{"then":"refuse","sipStatus":404}}]}',
    );
    for (const [persona, message] of faults) {
      writeFileSync(join(dir, 'bad.json'), JSON.stringify(persona));
      rmSync(join(dir, 'population.json'), { force: true });
      const load = (): Population =>
        new Population({
          populationFile: null,
          personasDir: dir,
          clipsDir: join(simulatorDir, 'audio'),
          unknownNumbers: 'lab',
        });
      expect(load).toThrow(message);
    }
  });
});
