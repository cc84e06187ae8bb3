/** What a workbook says in its reader's language. Names of sheets and columns are the guide's in each. */
export interface WorkbookTexts {
  title: (id: number, name: string) => string;
  exportedAt: string;
  clock: string;
  scenario: string;
  status: string;
  created: string;
  started: string;
  ended: string;
  onlyResults: string;
  onlyFrom: string;
  onlyBefore: string;
  onlyPhones: string;
  contacts: string;
  calls: string;
  callsEnded: string;
  answered: string;
  answerRate: string;
  success: string;
  successOfCalls: string;
  successOfAnswered: string;
  successOfContacts: string;
  averageDuration: string;
  seconds: string;
  noCalls: string;
  result: string;
  share: string;
  attempt: (number: number) => string;
  total: string;
  notEnded: string;
  day: string;
  hour: string;
  hourOfDay: string;
  charts: { results: string; days: string; hours: string };
}

const en: WorkbookTexts = {
  title: (id, name) => `Campaign ${id}: ${name}`,
  exportedAt: 'Exported',
  clock: 'Times on the clock of',
  scenario: 'Scenario',
  status: 'Status',
  created: 'Created',
  started: 'Started',
  ended: 'Ended',
  onlyResults: 'Only calls with the results',
  onlyFrom: 'Only calls begun from',
  onlyBefore: 'Only calls begun before',
  onlyPhones: 'Only calls to so many numbers',
  contacts: 'People called',
  calls: 'Calls',
  callsEnded: 'Calls ended',
  answered: 'Answered',
  answerRate: 'Answered, of all calls',
  success: 'Successes',
  successOfCalls: 'Successes, of calls ended',
  successOfAnswered: 'Successes, of calls answered',
  successOfContacts: 'Successes, of people called',
  averageDuration: 'Average duration of answered calls, s',
  seconds: 'Average duration, s',
  noCalls: 'No call matches.',
  result: 'Result',
  share: 'Share',
  attempt: (number) => `Attempt ${number}`,
  total: 'Total',
  notEnded: 'not ended',
  day: 'Day',
  hour: 'Hour',
  hourOfDay: 'Hour of day',
  charts: { results: 'Calls by result', days: 'Calls by day', hours: 'Calls by hour of day' },
};

const fr: WorkbookTexts = {
  title: (id, name) => `Campagne ${id} : ${name}`,
  exportedAt: 'Exportée',
  clock: "Heures à l'horloge de",
  scenario: 'Scénario',
  status: 'État',
  created: 'Créée',
  started: 'Lancée',
  ended: 'Terminée',
  onlyResults: 'Seulement les appels de résultat',
  onlyFrom: 'Seulement les appels commencés à partir de',
  onlyBefore: 'Seulement les appels commencés avant',
  onlyPhones: 'Nombre de numéros retenus',
  contacts: 'Personnes appelées',
  calls: 'Appels',
  callsEnded: 'Appels terminés',
  answered: 'Décrochés',
  answerRate: 'Décrochés, sur tous les appels',
  success: 'Succès',
  successOfCalls: 'Succès, sur les appels terminés',
  successOfAnswered: 'Succès, sur les appels décrochés',
  successOfContacts: 'Succès, sur les personnes appelées',
  averageDuration: 'Durée moyenne des appels décrochés, s',
  seconds: 'Durée moyenne, s',
  noCalls: 'Aucun appel ne correspond.',
  result: 'Résultat',
  share: 'Part',
  attempt: (number) => `Tentative ${number}`,
  total: 'Total',
  notEnded: 'pas terminé',
  day: 'Jour',
  hour: 'Heure',
  hourOfDay: 'Heure du jour',
  charts: {
    results: 'Appels par résultat',
    days: 'Appels par jour',
    hours: 'Appels par heure du jour',
  },
};

export const WORKBOOK_TEXTS = { en, fr } as const;

export type WorkbookLanguage = keyof typeof WORKBOOK_TEXTS;
