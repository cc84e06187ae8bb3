import type { EndReason } from '../../call-engine/disposition.ts';

const endReasons: Record<EndReason, string> = {
  scenario: 'the scenario was at its end',
  'answering-machine': 'an answering machine',
  hangup: 'the person hung up',
  'not-answered': 'nobody answered',
  'max-duration': 'longer than MAX_CALL_DURATION',
  'audio-lost': 'the audio stopped coming from FreeSWITCH',
  'link-lost': 'the connection to FreeSWITCH was lost',
  cancelled: 'hung up by us',
  'internal-error': 'a fault in the program: see the log',
};

export const enLive = {
  monitor: {
    help: {
      description: 'Watch a campaign: progress, results, live calls, latencies; keys pause and resume it',
      campaign: 'number or name of the campaign (default: the one that is under way)',
      campaignId: 'number of the campaign, as in v3',
      refresh: 'seconds between two looks at the database (default: 5)',
      showLiveCalls: 'show the calls in flight, with step and time',
      exportCsv:
        'also append the figures to this CSV file, a line for each look (default: campaign-<id>.csv)',
      once: 'show it once and end',
      json: 'print the figures as one JSON object for each look',
      examples: `
Examples:
  minibot monitor-campaign 1 --refresh 5 --show-live-calls
  minibot monitor-campaign "Or janvier" --export-csv figures.csv
  minibot monitor-campaign 1 --json --once | jq .outlook

Keys: p p pause, r r resume (pressed twice), l live calls, q or Ctrl+C quit. Piped, it prints a line for each change.
Exit status: 0 the campaign ended, or q; 1 there is no such campaign, or the database refuses; 2 a mistake in the
command line; 130, 143, 129 ended by SIGINT, SIGTERM, SIGHUP. See docs/monitoring.md.`,
    },
    refresh: (max: number) => `Give seconds, from 1 to ${max}.`,
    noneUnderWay: 'no campaign is under way: give a number or a name (see: minibot campaign list)',
    severalUnderWay: (campaigns: string) => `several campaigns are under way, choose one: ${campaigns}`,
    bothGiven: 'give the campaign once: its number or name, or --campaign-id',
    csvUnwritable: (file: string) => `${file} cannot be written: check the folder and its permissions`,
    csvOther: (file: string) => `${file} holds something else: choose another file`,
    title: (id: number, name: string) => `MiniBotPanel – Campaign Monitor (${id}) ${name}`,
    briefTitle: (id: number, name: string) => `MiniBotPanel (${id}) ${name}`,
    statusLine: (status: string, duration: string, updated: string) =>
      `Status: ${status} | Duration: ${duration} | Updated: ${updated}`,
    progress: 'Progress',
    callStats: 'Call Stats',
    results: 'Results',
    latencies: 'Latencies, p95 of the last calls / target',
    liveCalls: (active: string) => `Live Calls (${active})`,
    noLiveCalls: 'no call now',
    moreCalls: (count: string) => `… and ${count} more`,
    moreResults: (count: string) => `… ${count} more`,
    noResults: 'nobody is done yet',
    calls: 'Calls made',
    active: 'Active',
    completed: 'Contacts done',
    failed: 'Failed',
    averageDuration: 'Avg duration',
    rate: 'Rate',
    perHour: (calls: string) => `${calls} calls/h`,
    finish: 'Finished about',
    retries: 'Retries planned',
    retriesNext: (planned: string, next: string) => `${planned} (${next})`,
    refused: (reason: string) => `not called: ${reason}`,
    greeting: 'greeting',
    obstacles: {
      draft: (launch: string) => `Not launched yet: ${launch}`,
      paused: 'Paused: nobody new is called',
      held_back: (reason: string) => `Nobody can be called: ${reason}`,
      window_shut: (until: string) => `Outside calling hours until ${until}`,
      lines_full: (waiting: string) => `All lines of the switch are in use: ${waiting} calls wait for one`,
      between_tries: (until: string) => `Everybody left waits for a planned try, the next at ${until}`,
      quiet: (since: string) =>
        `People are due and nobody is called since ${since}: is a worker running (minibot worker)?`,
    },
    databaseAway: (since: string) =>
      `The database does not answer since ${since}: these figures are old; trying again`,
    steering: { pause: 'Pausing …', resume: 'Resuming …' },
    steered: { pause: 'Paused; calls in flight end normally', resume: 'Running again' },
    steerFailed: (why: string) => `That did not work: ${why}`,
    confirmPause: 'Press p again to pause; calls in flight end normally',
    confirmResume: 'Press r again to resume: people are called at once',
    keys: { pause: 'pause', resume: 'resume', liveCalls: 'live calls', quit: 'quit' },
    ended: (id: number, status: string) => `Campaign ${id} is ${status}.`,
    csvWritten: (file: string) => `The figures are in ${file}`,
    plain: (done: string, active: string, rate: string) => `${done} done, ${active} in call, ${rate}`,
  },
  testCall: {
    help: {
      description:
        'Call one number to try a scenario, with a live trace; a call like any other, never repeated',
      phone: 'number to call: one of TEST_NUMBERS, or a number of fiction',
      scenario: 'scenario to call with (see: minibot scenario list)',
      yes: 'do not ask',
      json: 'print every event as one JSON object on a line',
      audioPort: "port on which this call's audio is received (default: a free one)",
      audioUrl:
        'ws://host:port at which FreeSWITCH reaches that port (default: the host of STREAMING_ASR_PUBLIC_URL)',
      examples: `
Examples:
  minibot test-call 0199000001 --scenario vente_or_investissement
  minibot test-call "+33 1 99 00 00 01" --scenario vente_or_investissement --yes --json > trace.jsonl

Exit status: 0 the call was made, whatever came of it; 1 it was not made, or broke down; 2 a mistake in the
command line; 130 Ctrl+C (the call is hung up first). See docs/monitoring.md.`,
    },
    confirm: (phone: string, scenario: string) => `Call ${phone} now with scenario “${scenario}”? [y/N]`,
    notConfirmed: 'nobody was called: confirm it, or give --yes',
    audioUrl: 'Give ws://host:port, without a path.',
    /** Why nobody is called, and what to do. `until` is a moment, or null. */
    refused: (phone: string, reason: string, until: string | null) =>
      until === null
        ? `${phone} is not called: ${reason}`
        : `${phone} is not called before ${until}: ${reason}`,
    advice: {
      not_a_test_number:
        'add the number to TEST_NUMBERS once its owner has agreed to such calls (numbers of fiction need no entry)',
      opposed: 'whoever owns it can have it taken off the list: minibot opposition remove NUMBER',
      caller_id_not_allowed: 'set CALLER_ID and ALLOWED_CALLER_IDS',
      forbidden_number: 'no setting changes that',
      outside_hours: 'CALL_WINDOW holds for test calls too',
      holiday: 'CALL_HOLIDAYS holds for test calls too',
    } as Record<string, string>,
    lineBusy: (lines: string) =>
      `nobody was called: all lines of the switch are in use (SWITCH_MAX_CALLS=${lines}); try again later, or pause a campaign`,
    numberBusy: (phone: string) =>
      `nobody was called: another call to ${phone} goes on, or the right moment has passed; try again`,
    audioMissing: (why: string) =>
      `nobody was called: ${why}. For this call alone: --audio-port and --audio-url`,
    lost: (id: string) => `the call broke down, or a worker has taken it over: see minibot call show ${id}`,
    quoted: (text: string) => `“${text}”`,
    opening: 'Loading the recogniser, connecting to FreeSWITCH, trying the audio …',
    waitingForLine: 'All lines of the switch are in use: waiting for one …',
    dialling: (phone: string, scenario: string) => `Dialling ${phone} (scenario ${scenario})`,
    callId: (id: string) => `Call ${id}`,
    created: 'The switch has the channel',
    ringing: 'Ringing',
    answered: 'Answered',
    amd: (result: string, reason: string, after: string) => `AMD: ${result} (${reason}) after ${after}`,
    step: (step: string) => `Step: ${step}`,
    promptStarted: (text: string) => `▶ “${text}”`,
    promptEnded: (heard: string) => `■ played in full, ${heard}`,
    promptCut: (heard: string) => `■ cut after ${heard}`,
    partial: (text: string) => `… ${text}`,
    heard: (text: string, confidence: string) => `“${text}” (confidence ${confidence})`,
    heardNothing: 'speech that was not understood',
    turn: (number: number, intent: string, confidence: string, method: string) =>
      `Turn ${number}: ${intent} ${confidence}, decided by ${method}`,
    objection: (id: string) => `objection ${id}`,
    bargeIn: 'barge-in',
    nextStep: (step: string) => `→ ${step}`,
    latencies: (number: number, figures: string) => `Turn ${number}: ${figures}`,
    messageLeft: (played: string, completed: boolean) =>
      completed ? `Message left in full, ${played}` : `Message left in part, ${played}`,
    recording: (path: string) => `Recording to ${path}`,
    recordingFailed: (problem: string) => `Not recorded, or not all of it: ${problem}`,
    hangingUp: 'Hanging up …',
    result: 'Result',
    endedBecause: 'Ended',
    endReasons,
    cause: 'Cause',
    duration: 'Duration',
    steps: 'Steps',
    latencyTargets: 'Latencies',
    optOut: (phone: string) =>
      `${phone} asked not to be called again and is on the opposition list now. To test again: minibot opposition remove ${phone}`,
    more: (id: string) => `Every turn: minibot call show ${id} --transcript`,
  },
};
