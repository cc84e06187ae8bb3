import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  formatInstantIn,
  formatNumber,
  formatPace,
  formatRefusal,
  formatRetries,
  formatWindow,
} from '../../../src/cli/format.ts';
import { en } from '../../../src/cli/messages/en.ts';
import { fr } from '../../../src/cli/messages/fr.ts';
import { FRANCE_LEGAL_WINDOW } from '../../../src/compliance/calling-window.ts';

/** Intl separates thousands by a narrow no-break space in French. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('format', () => {
  it('speaks the language of the reader', () => {
    expect(formatNumber(1_234_567, en)).toBe('1,234,567');
    expect(plain(formatNumber(1_234_567, fr))).toBe('1 234 567');
    expect(formatDuration(154_300, en)).toBe('2m 34s');
    expect(formatDuration(45_000, fr)).toBe('45 s');
    expect(formatDuration(null, en)).toBe('–');
    expect(formatPace({ maxConcurrentCalls: 3, callDelayMs: 1500 }, fr)).toBe(
      '3 à la fois, toutes les 1,5 s',
    );
    expect(formatPace({ maxConcurrentCalls: 3, callDelayMs: 0 }, en)).toBe('3 at once');
  });

  it('writes a calling window in one line', () => {
    expect(formatWindow(FRANCE_LEGAL_WINDOW, en)).toBe(
      "Mon–Fri 10:00–13:00, 14:00–20:00 (each contact's own time; not on public holidays, Alsace-Moselle's included)",
    );
    const own = { ...FRANCE_LEGAL_WINDOW, days: [1, 3, 4, 7] as typeof FRANCE_LEGAL_WINDOW.days };
    expect(formatWindow({ ...own, timeZone: 'Europe/Paris', holidays: 'none' }, fr)).toBe(
      'lun., mer.–jeu., dim. 10:00–13:00, 14:00–20:00 (Europe/Paris; jours fériés compris)',
    );
    expect(formatWindow(null, en)).toBe('as the law allows');
  });

  it('names the clock that a moment is told by', () => {
    expect(formatInstantIn('Europe/Paris', new Date('2026-11-24T09:00:00Z'), en)).toBe(
      '24/11/2026, 10:00 (Europe/Paris)',
    );
  });

  it('says when nobody is tried again', () => {
    const retry = {
      enabled: true,
      maxAttempts: 3,
      delayMsByResult: { no_answer: 1, busy: 1 },
      maxAttemptsByResult: {},
      otherPartOfDay: true,
    };
    expect(formatRetries(retry, en)).toBe('3 attempts in all, after busy, no_answer');
    expect(formatRetries({ ...retry, enabled: false }, en)).toBe('none');
    expect(formatRetries({ ...retry, maxAttempts: 1 }, fr)).toBe('aucun');
  });

  it('translates the reasons of the gate that it knows, and keeps the others', () => {
    expect(formatRefusal('opposed: asked not to be called', fr)).toBe('a demandé à ne plus être appelé');
    expect(formatRefusal('forbidden_number: emergency', en)).toBe('number that is never dialled (emergency)');
    expect(formatRefusal('busy: attempt 2 of 3', en)).toBe('busy: attempt 2 of 3');
    expect(formatRefusal('facts_unusable: something new', fr)).toBe('données incohérentes (something new)');
  });

  it.each([
    [
      'busy: attempt 2 of 3, in another part of the day, brought forward',
      'busy : tentative 2 sur 3, à un autre moment de la journée, avancée',
    ],
    ['busy: all 3 attempts made', 'busy : toutes les tentatives faites (3)'],
    ['busy: 2 times, which is the most', 'busy : 2 fois, le maximum'],
    [
      'failed: not counted, fault 4, when the calling window opens',
      "failed : non comptée, panne 4, à l'ouverture des horaires d'appel",
    ],
    ['asked not to be called again', 'a demandé à ne plus être appelé'],
    ['no_consent: expired', 'pas de consentement (expiré)'],
    [
      'attempts_exhausted: 3 of 3 attempts of this campaign made',
      'toutes les tentatives de la campagne sont faites (3 tentatives de cette campagne sur 3 faites)',
    ],
    [
      'attempts_per_30_days: 4 attempts within 30 days, 4 allowed',
      'appelé trop souvent en 30 jours (4 tentatives en 30 jours, 4 permises)',
    ],
    [
      'refused_recently: said no less than 60 days ago',
      'a refusé récemment (a dit non il y a moins de 60 jours)',
    ],
    [
      'outside_hours: the calling window is shut in Indian/Reunion',
      'hors des heures permises (fermé à cette heure, fuseau Indian/Reunion)',
    ],
    ['failed: a sentence of another version', 'failed : a sentence of another version'],
  ])('says in French “%s”', (stored, said) => {
    expect(formatRefusal(stored, fr)).toBe(said);
    expect(formatRefusal(stored, fr)).not.toContain('{');
  });
});
