import { InvalidArgumentError } from 'commander';
import { IANAZone } from 'luxon';
import { CAMPAIGN_BASES } from '../compliance/basis.ts';
import { RECORDED_BASES } from '../compliance/consent.ts';
import { HOLIDAY_CALENDARS } from '../compliance/holidays.ts';
import { readMoment } from '../contacts/basis-columns.ts';
import { readDepartment } from '../contacts/region.ts';
import type { CampaignStatus } from '../db/schema.ts';
import type { Channel } from '../hearing/sound-file.ts';
import type { Retry } from '../scenario-plan/plan.ts';
import type { Messages } from './language.ts';

/** What `scenario graph` draws. */
const GRAPH_FORMATS = ['mermaid', 'svg', 'text'] as const;

/** Which of a sound's channels `debug` hears. */
const CHANNELS = ['both', 'left', 'right'] as const satisfies readonly Channel[];

/** How `create-scenario` has a question put again. */
const RETRIES = ['own', 'same', 'none'] as const satisfies readonly Retry[];

export type GraphFormat = (typeof GRAPH_FORMATS)[number];

/** Both languages' days, Monday first; `mar` is mardi. */
const DAY_NAMES = [
  ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  ['lun', 'mar', 'mer', 'jeu', 'ven', 'sam', 'dim'],
] as const;

const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const E164 = /^\+[1-9]\d{5,14}$/;
const AUDIO_URL = /^wss?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?$/;
const MAX_DELAY_S = 3600;
/** Postgres's integer. */
const MAX_ID = 2_147_483_647;

/** Readers of option values, for commander. What they refuse is a mistake in the command line. */
export function optionValues({ usage, campaign, audio, live, scenarioTools, departments }: Messages) {
  const isStatus = (word: string): word is CampaignStatus => Object.hasOwn(campaign.statuses, word);
  const wholeNumber =
    (min: number, max: number) =>
    (text: string): number => {
      const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
      if (number >= min && number <= max) return number;
      throw new InvalidArgumentError(usage.wholeNumber(min, max));
    };
  const oneOf =
    <T extends string>(words: readonly T[]) =>
    (text: string): T => {
      const word = words.find((known) => known === text.trim().toLowerCase());
      if (word !== undefined) return word;
      throw new InvalidArgumentError(usage.oneOf(words.join(', ')));
    };
  return {
    wholeNumber,
    oneOf,
    campaignId: wholeNumber(1, MAX_ID),
    /** Seconds on the command line, milliseconds from here on. */
    delayMs: (text: string): number => {
      const seconds = /^\d{1,4}(?:[.,]\d{1,3})?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
      if (seconds <= MAX_DELAY_S) return Math.round(seconds * 1000);
      throw new InvalidArgumentError(usage.seconds(MAX_DELAY_S));
    },
    /** As `delayMs`, at least a second. */
    refreshMs: (text: string): number => {
      const seconds = /^\d{1,4}(?:[.,]\d{1,3})?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
      if (seconds >= 1 && seconds <= MAX_DELAY_S) return Math.round(seconds * 1000);
      throw new InvalidArgumentError(live.monitor.refresh(MAX_DELAY_S));
    },
    decibels:
      (min: number, max: number) =>
      (text: string): number => {
        const written = text.replace(',', '.').replace('\u2212', '-');
        const number = /^[+-]?\d{1,3}(?:\.\d{1,3})?$/.test(written) ? Number(written) : Number.NaN;
        if (number >= min && number <= max) return number;
        throw new InvalidArgumentError(audio.decibels(min, max));
      },
    graphFormat: (text: string): GraphFormat => {
      const format = GRAPH_FORMATS.find((known) => known === text.trim().toLowerCase());
      if (format !== undefined) return format;
      throw new InvalidArgumentError(scenarioTools.graph.formats(GRAPH_FORMATS.join(', ')));
    },
    timeOfDay: (text: string): string => {
      const padded = /^\d:/.test(text) ? `0${text}` : text;
      if (TIME_OF_DAY.test(padded)) return padded;
      throw new InvalidArgumentError(usage.timeOfDay);
    },
    days: (text: string): number[] => {
      const days = text.split(',').map((item) => readDays(item.trim().toLowerCase()));
      if (days.every((range) => range !== null)) return [...new Set(days.flat())].sort();
      throw new InvalidArgumentError(usage.days);
    },
    timeZone: (text: string): string => {
      if (text === 'contact' || IANAZone.isValidZone(text)) return text;
      throw new InvalidArgumentError(usage.timeZone);
    },
    text: (text: string): string => {
      if (text.trim() !== '') return text.trim();
      throw new InvalidArgumentError(usage.text);
    },
    list: (text: string): string[] => {
      const items = text.split(',').map((item) => item.trim());
      if (items.every((item) => item !== '')) return items;
      throw new InvalidArgumentError(usage.list);
    },
    departments: (text: string): string[] => {
      const codes = text.split(',').map(readDepartment);
      if (codes.every((code) => code !== null)) return codes;
      throw new InvalidArgumentError(departments);
    },
    basis: oneOf(CAMPAIGN_BASES),
    recordedBasis: oneOf(RECORDED_BASES),
    holidays: oneOf(HOLIDAY_CALENDARS),
    retry: oneOf<Retry>(RETRIES),
    channel: oneOf<Channel>(CHANNELS),
    date: (text: string): Date => {
      const moment = readMoment(text.trim());
      if (moment !== null) return moment;
      throw new InvalidArgumentError(usage.date);
    },
    callerId: (text: string): string => {
      if (E164.test(text)) return text;
      throw new InvalidArgumentError(usage.callerId);
    },
    audioUrl: (text: string): string => {
      if (AUDIO_URL.test(text)) return text;
      throw new InvalidArgumentError(live.testCall.audioUrl);
    },
    statuses: (text: string): CampaignStatus[] => {
      const words = text.split(',').map((item) => item.trim().toLowerCase());
      if (words.every(isStatus)) return words;
      throw new InvalidArgumentError(usage.statuses(Object.keys(campaign.statuses).join(', ')));
    },
  };
}

/** `mon`, `lun-ven`, `3`; a range may go over the week's end. Null where it cannot be read. */
function readDays(item: string): number[] | null {
  const [first = '', last = first, ...rest] = item.split('-');
  const from = dayNumber(first);
  const to = dayNumber(last);
  if (from === null || to === null || rest.length > 0) return null;
  const length = ((to - from + 7) % 7) + 1;
  return Array.from({ length }, (_day, index) => ((from + index - 1) % 7) + 1);
}

function dayNumber(name: string): number | null {
  if (/^[1-7]$/.test(name)) return Number(name);
  const index = Math.max(...DAY_NAMES.map((names) => names.findIndex((known) => known === name)));
  return index === -1 ? null : index + 1;
}
