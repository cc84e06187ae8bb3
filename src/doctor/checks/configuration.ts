import { callerIdProblem, type CallerIdProblem } from '../../compliance/caller-id.ts';
import type { Config } from '../../config.ts';
import { isKnownVariable } from '../../config/known-names.ts';
import { maskPhoneNumber } from '../../masking.ts';
import type { Check } from '../check.ts';
import { finding, type Finding } from '../findings.ts';

/** What the configuration says that its author may not have meant. That it can be used is known by now. */
export const checkConfiguration: Check = ({ config, environment }) => {
  const set = Object.entries(environment).filter(([name, text]) => isSet(text) && isKnownVariable(name));
  return Promise.resolve([
    finding('configuration_read', { set: set.length }),
    ...config.warnings.map((warning) => finding('configuration_warning', { warning })),
    ...callerIdFindings(config),
  ]);
};

function isSet(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '';
}

function callerIdFindings({ calls, compliance }: Config): Finding[] {
  const { declared, check } = compliance.callerIds;
  const problem = callerIdProblem({ shown: calls.callerId, declared, check });
  return problem === null ? [] : [describe(problem, maskPhoneNumber(calls.callerId ?? ''))];
}

function describe(problem: CallerIdProblem, number: string): Finding {
  switch (problem) {
    case 'none_set':
      return finding('caller_id_none', {});
    case 'not_declared':
      return finding('caller_id_not_declared', { number });
    case 'range_not_for_automated_calls':
      return finding('caller_id_range', { number });
  }
}
