import type { CampaignContactState, CampaignStatus, ContactStatus } from '../../db/schema.ts';
import type { CampaignBasis } from '../../compliance/basis.ts';
import type { RecordedBasis } from '../../compliance/consent.ts';
import type { HolidayCalendar } from '../../compliance/holidays.ts';
import { enAudio } from './en-audio.ts';
import { enContacts } from './en-contacts.ts';
import { enCreateScenario } from './en-create-scenario.ts';
import { enLive } from './en-live.ts';
import { enExport } from './en-export.ts';
import { enDebugAudio } from './en-debug-audio.ts';
import { REASONS, type ReasonName } from '../../reasons.ts';
import { enOperations } from './en-operations.ts';
import { enScenarioTools } from './en-scenario-tools.ts';

const campaignStatuses: Record<CampaignStatus, string> = {
  draft: 'draft',
  running: 'running',
  paused: 'paused',
  completed: 'completed',
  cancelled: 'cancelled',
};

const contactStates: Record<CampaignContactState, string> = {
  waiting: 'not queued yet',
  queued: 'queued',
  calling: 'in call',
  retry_scheduled: 'to be tried again',
  done: 'done',
};

const contactStatuses: Record<ContactStatus, string> = {
  pending: 'pending',
  called: 'called',
  qualified: 'qualified',
  not_interested: 'not interested',
  callback: 'callback',
  invalid: 'invalid',
};

const reasons: Record<ReasonName, string> = {
  ...REASONS,
  none_set: 'CALLER_ID is not set',
  not_declared: 'not in ALLOWED_CALLER_IDS',
  range_not_for_automated_calls: 'not a range for automated calls',
};

/** Everything that the command line says in its own words. A language is an object of this shape. */
export const en = {
  /** For numbers, dates and names of days. */
  locale: 'en-GB',

  errorLabel: 'error:',
  warningLabel: 'warning:',
  interrupted: 'interrupted',
  unexpected: (message: string) => `unexpected: ${message}`,
  verboseHint: 'Run it again with --verbose to see where it comes from.',
  usageHint: (command: string) => `See: ${command} --help`,
  /** A mistake in the words of the command line, as the parser reports it. */
  usageError: (message: string) => message,

  help: {
    titles: {
      'Usage:': 'Usage:',
      'Arguments:': 'Arguments:',
      'Options:': 'Options:',
      'Commands:': 'Commands:',
    },
    program: 'Calls a list of people with a recorded voice that listens: contacts, campaigns, scenarios.',
    helpOption: 'show this help',
    helpCommand: 'show the help of a command',
    json: 'print the result as JSON',
    verbose: 'show debug messages, and where an unexpected error comes from',
    importContacts: enContacts.help.importContacts,
    validateContacts: enContacts.help.validateContacts,
    launchCampaign: {
      description: 'Create a campaign and queue its calls; run again, it goes on where it stopped',
      scenario: 'scenario to call with (see: minibot scenario list)',
      name: "name of the campaign (default: the scenario's)",
      limit: 'call so many contacts at most',
      maxConcurrent: 'calls at once, over all workers (default: MAX_CONCURRENT_CALLS)',
      delay: 'seconds between the starts of two calls (default: CALL_DELAY)',
      retryEnabled: 'try people again who were not reached (default: RETRY_ENABLED)',
      noRetryEnabled: 'call everybody once only',
      startTime: 'not before this time of day, HH:MM; never widens CALL_WINDOW',
      endTime: 'not after this time of day, HH:MM; never widens CALL_WINDOW',
      days: 'on these days only, e.g. mon-thu or mon,wed,fri; never widens CALL_WINDOW',
      timezone: 'whose clock counts: contact, or a zone such as Europe/Paris (default: CALL_TIME_ZONE)',
      holidays:
        'public holidays without calls: metropole, alsace-moselle, all-regions; never fewer than CALL_HOLIDAYS',
      tags: 'only contacts that carry one of these tags, separated by commas',
      basis: 'why these people may be called: consent (default), contract, professional, non-commercial',
      callerId: 'number shown to them, one of ALLOWED_CALLER_IDS (default: CALLER_ID)',
      priority:
        'of several campaigns, the higher number gets a free line of a full switch first (default: 0)',
      record: 'record the calls, from the step on that gives notice of it; needs --record-purpose',
      recordPurpose: 'what the recordings are for, e.g. "quality control"',
      dryRun: 'say who would be called and who would not, and why; change nothing',
    },
    campaign: {
      description: 'See and steer campaigns',
      id: 'number of the campaign (see: minibot campaign list)',
      list: 'List campaigns',
      status: 'only these statuses, separated by commas (draft, running, paused, completed, cancelled)',
      show: 'Show one campaign: progress, results, calls in flight, latest calls',
      pause: 'Start no new calls; those in flight end normally',
      resume: 'Go on with a paused campaign',
      cancel: 'End a campaign for good; calls in flight end normally',
      pace: 'Change how fast a campaign calls, also while it runs',
      maxConcurrent: 'calls at once, over all workers',
      delay: 'seconds between the starts of two calls',
      priority: 'Says which campaign gets a free line first where the switch has too few',
      priorityNumber: '0 to 1000; the higher one is served first',
      retryNow: 'Makes planned tries due now; hours, limits and pace still hold',
      retryContact: "only this contact: the contact's number, or a phone number",
    },
    contact: {
      description: 'Look at contacts',
      show: 'Show a contact with every attempt to call them, and what comes next',
      who: 'number of the contact, or phone number',
    },
    opposition: {
      description: 'The list of people who must not be called again',
      add: 'Put a number on the list; whatever waits for it in any campaign is ended',
      remove: 'Take a number off the list; the ledger keeps why',
      check: 'Say whether a number is on the list',
      import: 'Put the numbers of a CSV file on the list',
      export: 'Print the list as CSV: fingerprints, no numbers',
      phone: 'phone number',
      file: 'CSV file with a column of numbers (or of fingerprints, from an export)',
      reason: 'why, for the ledger',
      defaultReason: 'why, where the file does not say',
    },
    consent: {
      description: 'What is on record of a number: consent, running contract, professional line',
      add: 'Record that somebody agreed, has a contract, or has a professional line',
      withdraw: 'Record that it ended; whatever waits for it in any campaign is ended',
      list: 'Show the whole history, and what of it counts now',
      basis: 'what it is about: consent (default), contract, professional',
      date: 'when it was given: 2026-09-12 or 12/09/2026, with a time if need be',
      dateWithdrawn: 'when it ended (default: now)',
      expires: 'when it ends',
      channel: 'how it was given: web, phone, paper …',
      source: 'where the proof is; names nobody',
      wording: 'what was agreed to, or the version of that text',
    },
    compliance: {
      description: 'What an inspector may ask for',
      report: 'Say who was called on what basis, who was not and exactly why; before a launch and after',
      csv: 'one line for each contact, as CSV',
    },
    person: {
      description: "One person's data",
      export: 'Show what is stored about a person; all of it with --json',
      erase: "Remove a person's data; the opposition list and the ledger keep fingerprints",
      yes: 'do not ask',
    },
    call: {
      description: 'Look at calls',
      show: 'Show a call: what came of it, every turn with its latencies beside their targets',
      id: "the call's id, a UUID",
      transcript: 'and what both sides said, with times since the answer',
    },
    purge: {
      description:
        'Remove recordings and transcripts kept longer than RECORDING_RETENTION_DAYS and TRANSCRIPT_RETENTION_DAYS',
      dryRun: 'say what would be removed; change nothing',
    },
    migrate: "Bring the database to this version's schema",
    worker: 'Run a call worker until it is told to stop',
    benchmarkStreaming: {
      description: 'Show the latencies measured in calls, beside their targets (TARGET_*)',
      simulator: 'make calls on the simulator now, one at a time, and measure those',
      switch: 'make calls to numbers of fiction on the configured switch now, and measure those',
      campaign: 'only calls of this campaign',
      last: 'the last answered calls (default: 100)',
    },
    scenario: {
      description: 'Check scenarios',
      list: 'List the scenarios',
      validate: 'Check scenarios for mistakes and missing recordings',
      ids: 'scenarios to check (default: all)',
    },
  },

  usage: {
    wholeNumber: (min: number, max: number) => `Give a whole number from ${min} to ${max}.`,
    seconds: (max: number) => `Give seconds, from 0 to ${max}.`,
    timeOfDay: 'Give a time as HH:MM, from 00:00 to 24:00.',
    days: 'Give days such as mon-fri or mon,wed,sat.',
    timeZone: 'Give contact, or a time zone such as Europe/Paris.',
    text: 'Give a text that is not empty.',
    list: 'Give words separated by commas.',
    statuses: (allowed: string) => `Give one or more of: ${allowed}.`,
    oneOf: (allowed: string) => `Give one of: ${allowed}.`,
    date: 'Give a date as 2026-09-12 or 12/09/2026, with a time such as 14:30 if need be.',
    callerId: 'Give an international number such as +33162000000.',
    nothingToChange: 'give --max-concurrent, --delay or both',
  },

  importContacts: enContacts.importContacts,
  validateContacts: enContacts.validateContacts,
  contactFile: enContacts.contactFile,
  departments: enContacts.departments,

  launch: {
    title: '🚀 MiniBotPanel Campaign Launcher',
    campaign: (name: string) => `Campaign: ${name}`,
    scenario: (id: string) => `Scenario: ${id}`,
    basis: (basis: string) => `Basis: ${basis}`,
    recorded: (purpose: string) => `Recorded: ${purpose}`,
    recordWithoutPurpose: 'say what the recordings are for: --record-purpose "…"',
    purposeWithoutRecord: '--record-purpose records nothing by itself: add --record',
    noRecordingsDir: 'RECORDINGS_DIR is not set: the switch would not know where to record to',
    noRecordingNotice: (scenario: string) =>
      `no step of scenario “${scenario}” tells people that the call is recorded: say it in a step's text ` +
      '("cet appel est enregistré …"), record it, and add "recording" to that step\'s "discloses"',
    contacts: (count: string) => `Contacts: ${count}`,
    concurrent: (count: string) => `Calls at once: ${count}`,
    delay: (seconds: string) => `Delay: ${seconds} s`,
    retries: (policy: string) => `Retries: ${policy}`,
    hours: (window: string) => `Hours: ${window}`,
    opensAt: (moment: string) => `Closed now; calls begin ${moment} (numbers of fiction: at once)`,
    adding: 'Adding contacts',
    queueing: 'Queueing calls',
    resumed: (id: number, status: string) =>
      `Campaign ${id} exists (${status}): going on with it. Contacts imported since then are not added.`,
    settingsKept: (id: number) =>
      `It keeps the settings it was created with; change its pace with: minibot campaign pace ${id} …`,
    noContacts: 'there are no contacts to call: import some with minibot import-contacts FILE',
    noContactsWithTags: (tags: string) => `no contact carries one of the tags ${tags}: check --tags`,
    queued: (count: string) => `Queued: ${count}`,
    refused: (count: string) => `Will not be called: ${count}`,
    waiting: (count: string) => `Not called yet: ${count}`,
    why: 'Why not',
    notBefore: 'Not before',
    never: 'not in this campaign',
    moreNotNow: (count: string) => `… and ${count} more (--json lists up to 1,000)`,
    callerIdProblems: {
      none_set: (_number: string) => 'no caller ID is set',
      not_declared: (number: string) =>
        `${number} is not one of your numbers: add it to ALLOWED_CALLER_IDS if it is`,
      range_not_for_automated_calls: (number: string) =>
        `${number} may not be shown by an automated system in France (0162, 0163, 0270 … may): choose another caller ID, or set CALLER_ID_CHECK=declared`,
    },
    callerIdRange: (number: string) =>
      `${number} is in none of the ranges that automated systems may show in France (0162, 0163, 0270 …)`,
    finished: (id: number, status: string) => `Campaign ${id} is ${status}`,
    nextSteps: (id: number) =>
      `Workers make the calls: minibot worker. To watch: minibot campaign show ${id}`,
    stopped: (id: number) => `campaign ${id} is only partly queued: run the same command again to go on`,
    wouldCall: (count: string) => `Would be called: ${count}`,
    wouldGoOn: (id: number, status: string, count: string) =>
      `Campaign ${id} exists (${status}): launching would go on with it and queue ${count} more contacts`,
    checkedAgain: 'Hours, attempts and recent refusals are checked for each person right before dialling.',
    dryRunFinished: 'Dry run finished: nothing was changed',
    windowEmpty: (window: string) =>
      `no hour is left to call: the campaign's own hours and CALL_WINDOW (${window}) do not meet`,
    holidaysTooFew: (own: string, installed: string) =>
      `--holidays ${own} would call on public holidays that CALL_HOLIDAYS (${installed}) keeps free: choose a stricter calendar, or change CALL_HOLIDAYS`,
    recordingsMissing: (id: string, directory: string, faults: readonly string[]) =>
      [`scenario “${id}” lacks recordings in ${directory}:`, ...faults].join('\n  - '),
    recordingsUnseen: (directory: string) =>
      `the recordings were not checked: ${directory} (FREESWITCH_SOUNDS_DIR) is not on this machine`,
  },

  refusals: {
    opposed: 'asked not to be called',
    forbidden_number: 'number that is never dialled',
    no_consent: 'no consent',
    no_contract: 'no running contract',
    not_professional: "not a professional's line",
    attempts_exhausted: 'all attempts of the campaign made',
    caller_id_not_allowed: 'no caller ID that may be shown',
    refused_recently: 'said no recently',
    attempts_per_30_days: 'tried too often within 30 days',
    holiday: 'public holiday',
    outside_hours: 'outside calling hours',
    time_zone_unknown: 'time zone unknown',
    facts_unusable: 'facts that make no sense',
    not_a_test_number: 'not a number for test calls',
    erased: "the person's data were removed",
  } as Record<string, string>,
  /** What `src/reasons.ts` stores, with the same `{places}`. */
  reasons,
  /** `busy: attempt 2 of 3` */
  reasonAfter: (result: string, sentences: string) => `${result}: ${sentences}`,

  bases: {
    consent: 'consent',
    contract: 'running contract',
    professional: 'professional lines',
    'non-commercial': 'nothing is sold',
  } as Record<CampaignBasis, string>,

  campaign: {
    none: 'There are no campaigns. Begin with: minibot launch-campaign --scenario …',
    unknown: (id: number) => `there is no campaign ${id}; see: minibot campaign list`,
    title: (id: number, name: string, status: string) => `Campaign ${id} “${name}” (${status})`,
    id: 'No',
    name: 'Name',
    scenario: 'Scenario',
    status: 'Status',
    progress: 'Done',
    pace: 'Pace',
    started: 'Started',
    statuses: campaignStatuses,
    states: contactStates,
    paceOf: (concurrent: number, delay: string) => `${concurrent} at once, every ${delay} s`,
    paceWithoutDelay: (concurrent: number) => `${concurrent} at once`,
    retriesOf: (attempts: string, results: string) => `${attempts} attempts in all, after ${results}`,
    noRetries: 'none',
    created: 'Created',
    ended: 'Ended',
    hours: 'Hours',
    retries: 'Retries',
    contacts: 'Contacts',
    nextRetry: 'Next retry',
    results: 'Results',
    liveCalls: 'Calls in flight',
    latestCalls: 'Latest calls',
    phone: 'Phone',
    contact: 'Contact',
    attempt: 'Try',
    step: 'Step',
    heard: 'Last heard',
    time: 'Time',
    result: 'Result',
    duration: 'Duration',
    dialling: 'dialling',
    ringing: 'ringing',
    paused: (id: number) => `Campaign ${id} is paused. Calls in flight end normally.`,
    resumed: (id: number) => `Campaign ${id} is running again.`,
    cancelled: (id: number) => `Campaign ${id} is cancelled. Calls in flight end normally.`,
    priority: 'Priority',
    recorded: 'Recorded for',
    heldBack: 'Held back',
    heldBackSince: (moment: string, reason: string) => `nobody can be called (${moment}): ${reason}`,
    priorityChanged: (id: number, priority: number) => `Campaign ${id} has priority ${priority}.`,
    bringingForward: 'Bringing forward',
    broughtForward: (id: number, tries: string) => `Campaign ${id}: ${tries} planned tries are due now.`,
    paceChanged: (id: number, pace: string) => `Campaign ${id}: ${pace}, from the next call on.`,
    always: 'always (CALL_WINDOW=always)',
    legalDefault: 'as the law allows',
    clockOfContact: "each contact's own time",
    holidays: {
      none: 'also on public holidays',
      metropole: 'not on public holidays',
      'alsace-moselle': "not on public holidays, Alsace-Moselle's included",
      'all-regions': 'not on public holidays of any region',
    } as Record<HolidayCalendar, string>,
  },

  contact: {
    unknownId: (id: number) => `there is no contact ${id}`,
    unknownPhone: (phone: string) => `no contact has the number ${phone}`,
    notAPhone: (text: string, reason: string) => `“${text}” ${reason}`,
    title: (id: number, phone: string, name: string) =>
      name === '' ? `Contact ${id}: ${phone}` : `Contact ${id}: ${phone} (${name})`,
    company: 'Company',
    email: 'E-mail',
    tags: 'Tags',
    timeZone: 'Time zone',
    status: 'Status',
    imported: 'Imported',
    statuses: contactStatuses,
    doNotCall: (reason: string, moment: string) => `On the do-not-call list since ${moment} (${reason})`,
    noCampaigns: 'In no campaign yet.',
    noAttempts: 'Not called yet.',
    notCounted: 'not counted',
    attempt: 'Try',
    time: 'Time',
    outcome: 'Outcome',
    cause: 'Cause',
    duration: 'Duration',
    steps: 'Steps',
    worker: 'Worker',
    next: (moment: string, reason: string) => `Next try: ${moment} (${reason})`,
    due: (moment: string, reason: string) => `Next try: due since ${moment}, waits for its turn (${reason})`,
    first: (moment: string, reason: string) => `First try: not before ${moment} (${reason})`,
    paused: 'The campaign is paused.',
    refused: (reason: string) => `Not called in this campaign: ${reason}`,
    queued: 'Waits in the queue.',
    notQueued: 'Not queued yet.',
    campaignOver: 'Not called any more: the campaign is over.',
    calling: 'Being called now.',
    done: (result: string, reason: string) =>
      reason === '' ? `Final result: ${result}` : `Final result: ${result} (${reason})`,
  },

  opposition: {
    added: (phone: string) => `${phone} is on the opposition list and will not be called.`,
    known: (phone: string) => `${phone} was on the opposition list already.`,
    removed: (phone: string) =>
      `${phone} is off the opposition list. Consents given before count no more: record a new one.`,
    notOn: (phone: string) => `${phone} is not on the opposition list.`,
    isOn: (phone: string, since: string, reason: string, source: string) =>
      `${phone} is on the opposition list since ${since} (${reason}; source: ${source})`,
    cancelled: (contacts: number) => `Places in campaigns that were ended: ${contacts}`,
    importing: 'Importing',
    imported: (added: string, known: string, rejected: string) =>
      `Added: ${added}; on the list already: ${known}; not usable: ${rejected}`,
    rejectedLine: (line: number, value: string, reason: string) => `Line ${line}: “${value}” ${reason}`,
  },

  consent: {
    bases: { consent: 'consent', contract: 'running contract', professional: 'professional line' } as Record<
      RecordedBasis,
      string
    >,
    added: (phone: string) => `Recorded for ${phone}.`,
    known: (phone: string) => `On record for ${phone} already.`,
    withdrawn: (phone: string) => `The withdrawal of ${phone} is recorded.`,
    none: (phone: string) => `Nothing is on record of ${phone}.`,
    counts: (since: string) => `counts, since ${since}`,
    countsUntil: (since: string, until: string) => `counts, since ${since}, until ${until}`,
    doesNotCount: (why: string) => `does not count: ${why}`,
    ended: (basis: string) => `${basis}: ended`,
    what: 'What',
    date: 'Date',
    expires: 'Expires',
    channel: 'Channel',
    source: 'Source',
    wording: 'Wording',
    incomplete: (missing: string) => `a consent needs its date, its source and its wording: give ${missing}`,
    future: 'the date lies in the future: give the date of what has happened',
    expiresBefore: '--expires lies before the date at which it was given',
    opposed: (phone: string) =>
      `${phone} is on the opposition list and is not called, whatever is recorded (minibot opposition check)`,
  },

  compliance: {
    basis: 'Basis',
    callerId: 'Caller ID',
    noCallerId: "the gateway's own",
    limits: 'Limits',
    limitsOf: (attempts: number, days: number) =>
      `${attempts} attempts in 30 days, ${days} days of peace after a refusal`,
    called: 'Called',
    attempts: 'Attempts',
    attemptsOf: (attempts: string, answered: string) => `${attempts}, of which ${answered} answered`,
    disclosure: 'Who calls',
    disclosureOf: (full: string, part: string, none: string, unknown: string) =>
      `heard in full ${full}, in part ${part}, not at all ${none}, not known ${unknown}`,
    more: 'Everybody, with proofs and attempts: --json or --csv. This is no legal advice.',
  },

  person: {
    title: (phone: string, name: string) => (name === '' ? phone : `${phone} (${name})`),
    contact: 'Contact since',
    consents: 'Consent records',
    opposition: 'Opposed since',
    campaigns: 'Campaigns',
    calls: 'Calls',
    recordings: 'Recordings',
    ledger: 'Ledger entries',
    none: '–',
    useJson: 'All of it: --json',
    confirm: (phone: string) => `Remove everything stored about ${phone}? This cannot be undone. [y/N]`,
    notConfirmed: 'nothing was removed: confirm it, or give --yes',
    erased: (phone: string, calls: number, recordings: number) =>
      `The data of ${phone} are removed (calls: ${calls}, recordings: ${recordings}).`,
    recordingsElsewhere: (paths: readonly string[]) =>
      `these recordings are on another machine, remove them there: ${paths.join(', ')}`,
  },

  /** Words that confirm. */
  yes: ['y', 'yes'] as readonly string[],

  migrate: { done: "The database has this version's schema." },

  scenario: {
    none: (directory: string) => `There are no scenarios in ${directory} (SCENARIOS_DIR).`,
    id: 'Scenario',
    name: 'Name',
    voice: 'Voice',
    theme: 'Theme',
    steps: 'Steps',
    state: 'State',
    usable: 'usable',
    broken: 'broken: see minibot scenario validate',
    valid: (id: string) => `${id}: usable`,
    invalid: (id: string) => `${id}: cannot be used`,
    levels: { error: 'error', warning: 'warning' },
    recordingsIn: (directory: string) => `Recordings looked for in ${directory}`,
    recordingsUnseen: (directories: readonly string[]) =>
      `the recordings were not checked: neither ${directories.join(' nor ')} is on this machine`,
    objectionAudio: (theme: string, missing: number, total: number, example: string) =>
      `objection theme “${theme}”: ${missing} of ${total} recordings do not exist, e.g. ${example}`,
  },

  call: {
    unknown: (id: string) => `there is no call ${id}`,
    notAnId: (given: string) =>
      `“${given}” is no call's id: it is a UUID, see minibot campaign show … --json`,
    title: (id: string) => `Call ${id}`,
    attempt: 'Attempt',
    phone: 'Number',
    started: 'Started',
    answered: 'Answered',
    ended: 'Ended',
    duration: 'Duration',
    result: 'Result',
    cause: 'Cause',
    amd: 'Answered by',
    steps: 'Steps',
    recording: 'Recording',
    assembled: 'To listen to',
    recordingProblem: 'Recording problem',
    recordedFrom: (path: string, from: string) => `${path} (from ${from} s after the answer)`,
    recordingPurged: (at: string) => `removed ${at}`,
    turn: 'Turn',
    step: 'Step',
    heard: 'Heard',
    intent: 'Intent',
    method: 'By',
    noTurns: 'Nothing was answered.',
    targets: 'Targets',
    transcript: 'Transcript',
    noTranscript: 'Nothing was said.',
    transcriptPurged: (at: string) => `The words were removed ${at}.`,
  },

  purge: {
    progress: 'Purging',
    recordings: (count: string, days: string) => `Recordings removed: ${count} (older than ${days} days)`,
    transcripts: (count: string, days: string) => `Transcripts blanked: ${count} (older than ${days} days)`,
    leftovers: (count: string) => `Files that no call owned: ${count}`,
    wouldRecordings: (count: string, days: string) =>
      `Recordings that would be removed: ${count} (older than ${days} days)`,
    wouldTranscripts: (count: string, days: string) =>
      `Transcripts that would be blanked: ${count} (older than ${days} days)`,
    elsewhere: (count: string, directory: string | null) =>
      `${count} recordings are too old but not in a RECORDINGS_DIR of this machine (${directory ?? 'not set'}): run it where they are`,
    dryRunFinished: 'Dry run finished: nothing was changed',
  },

  benchmark: {
    none: 'No turn has been measured yet: latencies are stored while calls are made.',
    title: (calls: string, turns: string) => `Latencies of the last ${calls} answered calls, ${turns} turns`,
    eitherOr:
      '--campaign is for calls that were made; --simulator and --switch make calls now: give one of them',
    noneNow: 'No turn was measured: no call was answered, or nobody spoke.',
    titleNow: (calls: string, turns: string) =>
      `Latencies of ${calls} calls made now, one at a time, ${turns} turns`,
    latency: 'Latency',
    turns: 'Turns',
    p50: 'p50',
    p95: 'p95',
    p99: 'p99',
    target: 'Target',
    within: 'Within',
    names: {
      bargeIn: 'barge_in     onset of speech → prompt silent',
      asr: 'asr          end of speech → final transcript',
      intent: 'intent       transcript → intent',
      total: 'total        end of speech → next prompt starts',
      endpointing: 'endpointing  end of speech → turn over',
      response: 'response     turn over → next prompt starts',
    },
    meaning:
      '✔ p95 within the target. Every figure is longer when the worker or the recogniser falls behind.',
  },

  audio: enAudio,
  createScenario: enCreateScenario,
  live: enLive,
  export: enExport,
  debugAudio: enDebugAudio,
  scenarioTools: enScenarioTools,
  operations: enOperations,

  duration: (minutes: number, seconds: number) => (minutes === 0 ? `${seconds}s` : `${minutes}m ${seconds}s`),
  none: '–',
};
