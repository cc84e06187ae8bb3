import path from 'node:path';
import { checkScenario } from '../call-engine/scenario/check.ts';
import { recordingNotices } from '../call-engine/scenario/disclosure.ts';
import { describeFault, loadScenario } from '../call-engine/scenario/load.ts';
import type { Scenario } from '../call-engine/scenario/schema.ts';
import type { CampaignSpec } from '../campaigns/launch.ts';
import type { CampaignBasis } from '../compliance/basis.ts';
import { callerIdProblem, isForAutomatedCalls } from '../compliance/caller-id.ts';
import type { CallingWindow } from '../compliance/calling-window.ts';
import type { HolidayCalendar } from '../compliance/holidays.ts';
import { allowsHolidays, narrowWindow } from '../compliance/narrow-window.ts';
import type { Config } from '../config.ts';
import { OperatorError } from '../errors.ts';
import type { CommandContext } from './command-context.ts';
import { formatWindow } from './format.ts';
import { switchRecordings } from '../voices/recordings-folder.ts';

/** What `launch-campaign` was given; absent options leave it to the configuration. */
export interface LaunchOptions {
  scenario: string;
  name?: string;
  limit?: number;
  maxConcurrent?: number;
  /** Milliseconds. */
  delay?: number;
  retryEnabled?: boolean;
  startTime?: string;
  endTime?: string;
  days?: number[];
  timezone?: string;
  holidays?: HolidayCalendar;
  tags: string[];
  basis?: CampaignBasis;
  callerId?: string;
  record: boolean;
  recordPurpose?: string;
  priority?: number;
}

/** The whole campaign that the options mean. Throws an `OperatorError` where nobody could be called like that. */
export async function launchSpec(
  context: CommandContext,
  config: Config,
  options: LaunchOptions,
): Promise<CampaignSpec> {
  const scenario = await usableScenario(context, config, options.scenario);
  return {
    name: options.name ?? scenario.name,
    scenario: scenario.id,
    maxConcurrentCalls: options.maxConcurrent ?? config.calls.maxConcurrent,
    callDelayMs: options.delay ?? config.calls.delayMs,
    priority: options.priority ?? 0,
    callerId: ownCallerId(context, config, options.callerId ?? null),
    basis: options.basis ?? 'consent',
    retry: { ...config.retry, enabled: options.retryEnabled ?? config.retry.enabled },
    callingWindow: ownWindow(context, config, options),
    recordingPurpose: recordingPurpose(context, config, options, scenario),
    tags: options.tags,
    limit: options.limit ?? null,
  };
}

/** Nobody is recorded without a purpose and without being told; null records nobody. */
function recordingPurpose(
  { messages }: CommandContext,
  { freeswitch }: Config,
  { record, recordPurpose }: LaunchOptions,
  scenario: Scenario,
): string | null {
  const { launch: texts } = messages;
  if (!record) {
    if (recordPurpose === undefined) return null;
    throw new OperatorError('recording_not_asked_for', texts.purposeWithoutRecord);
  }
  if (recordPurpose === undefined)
    throw new OperatorError('recording_without_purpose', texts.recordWithoutPurpose);
  if (freeswitch.recordingsDir === null)
    throw new OperatorError('recordings_dir_missing', texts.noRecordingsDir);
  if (recordingNotices(scenario).length === 0) {
    throw new OperatorError('recording_without_notice', texts.noRecordingNotice(scenario.id));
  }
  return recordPurpose;
}

/** Refuses a number that may not be shown, here rather than at each call. None at all is for the gate to judge. */
function ownCallerId(
  { messages, terminal }: CommandContext,
  config: Config,
  own: string | null,
): string | null {
  const shown = own ?? config.calls.callerId;
  if (shown === null) return null;
  const { launch: texts } = messages;
  const problem = callerIdProblem({ shown, ...config.compliance.callerIds });
  if (problem !== null) {
    throw new OperatorError('caller_id_not_allowed', texts.callerIdProblems[problem](shown));
  }
  if (!isForAutomatedCalls(shown)) {
    terminal.printWarning(messages.warningLabel, texts.callerIdRange(shown));
  }
  return own;
}

function ownWindow({ messages }: CommandContext, config: Config, options: LaunchOptions): CallingWindow {
  const { callingWindow } = config.compliance;
  const { holidays = null } = options;
  if (holidays !== null && !allowsHolidays(callingWindow, holidays)) {
    throw new OperatorError(
      'holidays_too_few',
      messages.launch.holidaysTooFew(holidays, callingWindow.holidays),
    );
  }
  const window = narrowWindow(callingWindow, {
    startTime: options.startTime ?? null,
    endTime: options.endTime ?? null,
    days: options.days ?? null,
    timeZone: options.timezone ?? null,
    holidays,
  });
  if (window !== null) return window;
  throw new OperatorError(
    'calling_window_empty',
    messages.launch.windowEmpty(formatWindow(callingWindow, messages)),
  );
}

/** Nobody is called with a scenario that is broken or that the switch has no recordings for. */
async function usableScenario(
  { messages, terminal }: CommandContext,
  config: Config,
  given: string,
): Promise<Scenario> {
  const id = path.basename(given, '.json');
  const scenario = await loadScenario(
    config.scenarios.dir,
    id,
    {
      voice: config.audio.defaultVoice,
      listenTimeoutMs: config.timeouts.listenMs,
    },
    { disclosure: config.compliance.disclosureCheck },
  );
  const recordings = switchRecordings(config);
  if (recordings === null) {
    const unseen = messages.launch.recordingsUnseen(config.freeswitch.soundsDir);
    terminal.printWarning(messages.warningLabel, unseen);
    return scenario;
  }
  const problems = checkScenario(scenario, { audioExists: recordings.exists });
  const errors = problems.filter(({ level }) => level === 'error').map(describeFault);
  if (errors.length === 0) return scenario;
  throw new OperatorError(
    'scenario_recordings',
    messages.launch.recordingsMissing(id, recordings.directory, errors),
  );
}
