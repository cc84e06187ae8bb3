import type { OutputProblem } from '../../exports/output-file.ts';
import type { enExport } from './en-export.ts';

const problems: Record<OutputProblem, (file: string) => string> = {
  exists: (file) => `${file} existe déjà : donnez un autre --output, ou --force pour le remplacer`,
  folder: (file) => `${file} est un dossier : donnez à --output le nom d'un fichier`,
  special: (file) => `${file} n'est pas un fichier ordinaire ; pour la sortie standard : --output -`,
  'no-folder': (file) => `${file} est dans un dossier qui n'existe pas : créez-le, ou vérifiez --output`,
  denied: (file) => `${file} ne peut pas être écrit : vérifiez le dossier et ses droits`,
  full: (file) => `${file} ne tient pas sur son disque : faites de la place, ou changez --output`,
};

export const frExport: typeof enExport = {
  help: {
    description: "Exporte les appels d'une campagne en CSV, en classeur Excel ou en JSON",
    campaign: 'numéro ou nom de la campagne (voir : minibot campaign list)',
    campaignId: "numéro de la campagne, à la place de l'argument",
    format: 'csv, xlsx (ou excel) ou json (par défaut : selon le nom de la sortie, sinon csv)',
    output:
      'fichier à écrire ; - est la sortie standard (par défaut : exports/campaign_<numéro>_<date>_<heure>.<format>)',
    results: "seulement les appels ayant l'un de ces résultats, séparés par des virgules",
    from: 'seulement les appels commencés à partir de ce jour ou de cet instant : 2026-11-01, 01/11/2026 14:30',
    to: "seulement les appels commencés jusqu'à cet instant, ou ce jour au plus tard",
    phones: 'seulement les appels à ces numéros, séparés par des virgules',
    transcriptions: 'aussi ce que les gens ont dit ; en JSON ce que les deux côtés ont dit, avec les temps',
    separator: 'du CSV : virgule (par défaut), point-virgule (pour un Excel français) ou tab',
    timezone: "horloge des heures (par défaut : CALL_TIME_ZONE si c'est un fuseau, sinon Europe/Paris)",
    noCharts: 'classeur sans graphiques',
    force: "remplacer le fichier s'il existe",
    json: 'dire en JSON ce qui a été écrit',
  },

  campaignMissing: 'dites quelle campagne : son numéro ou son nom (voir : minibot campaign list)',
  campaignTwice: 'donnez la campagne une seule fois : en argument, ou avec --campaign-id',
  campaignUnknown: (name) => `il n'y a pas de campagne « ${name} » ; voir : minibot campaign list`,
  campaignAmbiguous: (name, all) =>
    `plusieurs campagnes s'appellent « ${name} » : donnez le numéro de l'une d'elles : ${all}`,
  formats: (allowed) => `Donnez un choix parmi : ${allowed}.`,
  separators: 'Donnez virgule, point-virgule ou tab.',
  results: 'Donnez des résultats tels que success ou no_answer, séparés par des virgules.',
  timeZone: 'Donnez un fuseau horaire tel que Europe/Paris.',
  rangeEmpty: '--to est avant --from : aucun appel ne peut être entre les deux',
  jsonToStdout: '--json dit ce qui a été écrit dans un fichier : ne le donnez pas avec --output -',
  binaryToTerminal: "un classeur ne s'affiche pas sur un terminal : donnez un fichier à --output",
  separatorOfWhat: (format) => `--separator concerne le CSV, pas ${format}`,
  chartsOfWhat: (format) => `--no-charts concerne xlsx, pas ${format}`,
  otherEnding: (file, format) =>
    `${file} n'est pas un nom pour ${format}, les logiciels ne l'ouvriraient pas : donnez-lui la fin .${format}, ou un autre --format`,
  problems,

  progress: 'Export',
  written: (calls, file, bytes) => `${calls} appels exportés dans ${file} (${bytes})`,
  noCalls: "Aucun appel n'a encore été fait : le fichier n'a que des en-têtes.",
  noneMatch: (results) =>
    `aucun appel ne correspond ; cette campagne a : ${results}. Le fichier n'a que des en-têtes.`,
  notEnded: 'pas terminé',
  fullNumbers: 'Il contient des numéros complets : ne le gardez que le temps nécessaire.',
  excelHint: 'Pour Excel : --format xlsx, ou --separator point-virgule.',
};
