import { InvalidArgumentError } from 'commander';
import { IANAZone } from 'luxon';
import { readMoment } from '../contacts/basis-columns.ts';
import type { CsvSeparator } from '../exports/csv.ts';
import type { Messages } from './language.ts';

export type ExportFormat = 'csv' | 'xlsx' | 'json';

/** The guide says `excel`. */
const FORMATS: Record<string, ExportFormat> = { csv: 'csv', xlsx: 'xlsx', excel: 'xlsx', json: 'json' };

const SEPARATORS: Record<string, CsvSeparator> = {
  ...{ ',': ',', comma: ',', virgule: ',' },
  ...{ ';': ';', semicolon: ';', 'point-virgule': ';' },
  ...{ '\t': '\t', '\\t': '\t', tab: '\t' },
};
const RESULT = /^[a-z][a-z0-9_]{0,39}$/;

/** Readers of the options of `export-campaign`, for commander. */
export function exportValues({ export: texts, usage }: Messages) {
  const chosen = <T>(choices: Record<string, T>, text: string, complaint: string): T => {
    const choice = Object.entries(choices).find(([name]) => name === text.toLowerCase())?.[1];
    if (choice !== undefined) return choice;
    throw new InvalidArgumentError(complaint);
  };
  return {
    format: (text: string): ExportFormat =>
      chosen(FORMATS, text.trim(), texts.formats(Object.keys(FORMATS).join(', '))),
    separator: (text: string): CsvSeparator => chosen(SEPARATORS, text, texts.separators),
    results: (text: string): string[] => {
      const results = text.split(',').map((word) => word.trim().toLowerCase());
      if (results.every((word) => RESULT.test(word))) return results;
      throw new InvalidArgumentError(texts.results);
    },
    /** As it was written: which moment that is depends on the zone. */
    moment: (text: string): string => {
      if (readMoment(text.trim()) !== null) return text.trim();
      throw new InvalidArgumentError(usage.date);
    },
    timeZone: (text: string): string => {
      if (IANAZone.isValidZone(text)) return text;
      throw new InvalidArgumentError(texts.timeZone);
    },
  };
}
