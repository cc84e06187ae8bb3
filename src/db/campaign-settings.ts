/**
 * What a campaign keeps as JSON beside its columns. Parsed and completed at the edge (CLI, configuration); whoever
 * reads them here trusts the type. Durations are milliseconds.
 */
export interface RetryPolicy {
  enabled: boolean;
  /** Counted attempts to reach one person, the first included. */
  maxAttempts: number;
  /** Result (`busy`, `no_answer`, `timeout` …) → how long to wait. A result that is not named is final. */
  delayMsByResult: Record<string, number>;
  /** Result → after so many attempts that ended with it, it is final. A result that is not named has no maximum of its own. */
  maxAttemptsByResult: Record<string, number>;
  /** Who did not answer is tried again in another part of the day, where the calling window has one. */
  otherPartOfDay: boolean;
}
