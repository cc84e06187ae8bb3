import type { Fingerprint } from '../compliance/fingerprint.ts';
import type { Config } from '../config.ts';
import type { ContactGateOptions } from './contact-gate.ts';
import type { CampaignSpec } from './launch.ts';

/** A campaign's settings where nobody says otherwise: for all contacts who consented, at the configuration's pace, hours and retries. */
export function campaignSettings(config: Config): Omit<CampaignSpec, 'name' | 'scenario'> {
  return {
    maxConcurrentCalls: config.calls.maxConcurrent,
    callDelayMs: config.calls.delayMs,
    priority: 0,
    callerId: null,
    basis: 'consent',
    retry: config.retry,
    callingWindow: config.compliance.callingWindow,
    recordingPurpose: null,
    tags: [],
    limit: null,
  };
}

export function contactGateOptions(config: Config, fingerprint: Fingerprint): ContactGateOptions {
  const { limits, consent, callerIds } = config.compliance;
  return {
    fingerprint,
    ringTimeoutMs: config.timeouts.connectionMs,
    ...limits,
    consentValidityDays: consent.validityDays,
    contractRequiresConsent: consent.contractRequiresConsent,
    callerIds: { default: config.calls.callerId, ...callerIds },
    testNumbers: null,
  };
}

/** For a call to try the system. */
export function testGateOptions(config: Config, fingerprint: Fingerprint): ContactGateOptions {
  return { ...contactGateOptions(config, fingerprint), testNumbers: config.compliance.testNumbers };
}
