import type { RecordingProblem } from '../../voices/recording-problem.ts';

const problems: Record<RecordingProblem, string> = {
  missing: 'is not there',
  'symbolic-link': 'is a symbolic link: put the recording itself there',
  'no-file': 'is no ordinary file',
  empty: 'is empty (0 bytes): record it again',
  'too-large': 'is larger than 500 MB: export it as MP3 or FLAC, or cut it',
  'bad-name': 'cannot be named in a scenario: rename it with letters, digits, _ - and . only',
  'two-sources': 'is there in two formats: keep one of them',
  'no-audio': 'cannot be read as audio: export it again as WAV or MP3',
  'too-long': 'is longer than 5 minutes: cut it, prompts take 5 to 30 seconds',
  silent: 'is silent: record it again',
  peaks: 'has peaks that cannot be kept below −3 dBFS: record it more evenly',
};

export const enAudio = {
  help: {
    voice: 'voice: the name of a folder in AUDIO_DIR',
    setupAudio: "Prepare a voice's recordings for the telephone and put them where FreeSWITCH plays them",
    volumeAdjust: 'dB on top of the normal level of −18 dBFS (default: AUDIO_VOLUME_ADJUST)',
    backgroundReduction:
      'dB by which background noise is lowered, 0 to −60 (default: AUDIO_BACKGROUND_REDUCTION)',
    dryRun: 'does everything, except write to FREESWITCH_SOUNDS_DIR',
    verbose: 'also shows the levels of the sources and the settings',
    draftVoice: 'Have a machine speak what a scenario plays and nobody recorded, to rehearse with',
    draftScenario: 'scenario whose prompts are wanted (see: minibot scenario list)',
    draftTheme: "objection theme in place of the scenario's own",
    piperModel: 'model file of Piper, which speaks in place of espeak-ng',
    draftDryRun: 'says what would be drafted; writes nothing',
  },

  decibels: (min: number, max: number) => `Give decibels, a number from ${min} to ${max}.`,

  voiceName: (voice: string) =>
    `“${voice}” is no voice name: give the name of a folder in AUDIO_DIR (letters, digits, _ and -)`,

  setup: {
    title: 'MiniBotPanel Audio Setup',
    voice: (voice: string) => `Voice: ${voice}`,
    source: (directory: string) => `Source: ${directory}`,
    target: (directory: string) => `Target: ${directory}`,
    settings: (level: string, adjustment: string, background: string) =>
      `Level: RMS ${level} dBFS (−18 ${adjustment}), peaks at most −3; background: ${background} dB`,
    progress: 'Preparing',
    group: (folder: string) => `Processing: ${folder}/`,
    line: (name: string, seconds: string, peak: string, rms: string) =>
      `${name} (${seconds}s) → Peak: ${peak} dB, RMS: ${rms} dB`,
    before: (peak: string, rms: string, noise: string) =>
      `source: peak ${peak} dB, RMS ${rms} dB, noise ${noise} dB`,
    unchanged: 'unchanged',
    draft: 'draft',
    failed: (name: string, reason: string) => `${name}: ${reason}`,
    problems,
    clipped: (places: string) => `the source is distorted in ${places} places: record it less loud`,
    long: (seconds: string) => `lasts ${seconds} s: people stop listening after 30`,
    short: (seconds: string) => `lasts ${seconds} s only: is it cut?`,
    silenceBefore: (seconds: string) =>
      `${seconds} s of silence before the first word: cut it, or people answer too early`,
    silenceAfter: (seconds: string) =>
      `${seconds} s of silence after the last word: cut it, or the answer seems slow`,
    levelMissed: (wanted: string) =>
      `does not reach ${wanted} dBFS without distortion: lower --volume-adjust, or record it more evenly`,
    nothing: (directory: string) =>
      `there is no recording in ${directory}: put WAV, MP3, M4A, FLAC, OGG or AAC files into its folders base and objections`,
    processed: (count: string) => `Processed ${count} files successfully`,
    unchangedCount: (count: string) => `${count} of them unchanged since the last time`,
    failedCount: (count: string) => `${count} files could not be used`,
    total: (duration: string) => `Total duration: ${duration}`,
    drafts: (count: string) =>
      `${count} of them are drafts spoken by a machine: record them before you call people`,
    copied: 'All files copied to FreeSWITCH with correct permissions',
    wouldCopy: 'Dry run finished: nothing was written',
    complete: (scenario: string) => `Scenario ${scenario}: every recording is there`,
    incomplete: (scenario: string, missing: string, all: string, names: string) =>
      `scenario ${scenario}: ${missing} of ${all} recordings are missing: ${names}`,
    more: (count: string) => `and ${count} more`,
    draftHint: (voice: string, scenario: string) =>
      `To rehearse before they are recorded: minibot draft-voice ${voice} --scenario ${scenario}`,
    unread: (scenario: string) =>
      `scenario ${scenario} cannot be read; see: minibot scenario validate ${scenario}`,
  },

  drafts: {
    progress: 'Speaking',
    otherVoice: (scenario: string, its: string, voice: string) =>
      `scenario ${scenario} plays nothing of voice ${voice}: it speaks with ${its}`,
    noEspeak:
      'espeak-ng was not found on PATH: install it (apt-get install espeak-ng), or give --piper-model FILE and install Piper',
    noPiper: 'piper was not found on PATH: install it, or leave --piper-model out to use espeak-ng',
    noText: (audioPath: string) =>
      `${audioPath}: the scenario does not say what it says; give its step a "text"`,
    summary: (drafted: string, recorded: string, program: string) =>
      `${drafted} drafts by ${program}; ${recorded} recordings left as they are`,
    stillDrafts: (count: string, total: string, example: string) =>
      `${count} of ${total} recordings are drafts spoken by a machine, e.g. ${example}: record them before you call people`,
    peopleWillHear: (count: string, total: string, example: string) =>
      `people will hear a machine's voice: ${count} of ${total} recordings are drafts, e.g. ${example}. Record them, then run minibot setup-audio`,
    next: (voice: string) => `Next: minibot setup-audio ${voice}. Record them before you call people.`,
  },
};
