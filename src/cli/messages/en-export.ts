import type { OutputProblem } from '../../exports/output-file.ts';

const problems: Record<OutputProblem, (file: string) => string> = {
  exists: (file) => `${file} exists already: give another --output, or --force to replace it`,
  folder: (file) => `${file} is a folder: give --output the name of a file`,
  special: (file) => `${file} is no ordinary file; to write to standard output: --output -`,
  'no-folder': (file) => `${file} is in a folder that does not exist: create it, or check --output`,
  denied: (file) => `${file} cannot be written: check the folder and its permissions`,
  full: (file) => `${file} does not fit on its disk: make room, or choose another with --output`,
};

export const enExport = {
  help: {
    description: 'Export the calls of a campaign as CSV, as an Excel workbook or as JSON',
    campaign: 'number or name of the campaign (see: minibot campaign list)',
    campaignId: 'number of the campaign, instead of the argument',
    format: "csv, xlsx (or excel) or json (default: by the output's name, else csv)",
    output: 'file to write; - is standard output (default: exports/campaign_<number>_<date>_<time>.<format>)',
    results: 'only calls with one of these results, separated by commas',
    from: 'only calls begun on or after this day or moment: 2026-11-01, 01/11/2026 14:30',
    to: 'only calls begun until this moment, or on this day at the latest',
    phones: 'only calls to these numbers, separated by commas',
    transcriptions: 'also what people said; in JSON what both sides said, with times',
    separator: 'of CSV: comma (default), semicolon (for a French Excel) or tab',
    timezone: 'whose clock the times are on (default: CALL_TIME_ZONE where it is a zone, else Europe/Paris)',
    noCharts: 'leave the charts out of the workbook',
    force: 'replace the file if it is there',
    json: 'say as JSON what was written',
  },

  campaignMissing: 'say which campaign: its number or its name (see: minibot campaign list)',
  campaignTwice: 'give the campaign once: as argument, or with --campaign-id',
  campaignUnknown: (name: string) => `there is no campaign “${name}”; see: minibot campaign list`,
  campaignAmbiguous: (name: string, all: string) =>
    `several campaigns are called “${name}”: give the number of one of them: ${all}`,
  formats: (allowed: string) => `Give one of: ${allowed}.`,
  separators: 'Give comma, semicolon or tab.',
  results: 'Give results such as success or no_answer, separated by commas.',
  timeZone: 'Give a time zone such as Europe/Paris.',
  rangeEmpty: '--to lies before --from: no call can be in between',
  jsonToStdout: '--json says what was written to a file: leave it out with --output -',
  binaryToTerminal: 'a workbook cannot be shown on a terminal: give --output a file',
  separatorOfWhat: (format: string) => `--separator belongs to CSV, not to ${format}`,
  chartsOfWhat: (format: string) => `--no-charts belongs to xlsx, not to ${format}`,
  otherEnding: (file: string, format: string) =>
    `${file} is no name for ${format}, programs would not open it: end it in .${format}, or choose another --format`,
  problems,

  progress: 'Exporting',
  written: (calls: string, file: string, bytes: string) => `${calls} calls exported to ${file} (${bytes})`,
  noCalls: 'No call has been made yet: the file has headings only.',
  noneMatch: (results: string) =>
    `no call matches; of this campaign there are: ${results}. The file has headings only.`,
  notEnded: 'not ended',
  fullNumbers: 'It holds full phone numbers: keep it only as long as you need it.',
  excelHint: 'For Excel: --format xlsx, or --separator semicolon.',
};
