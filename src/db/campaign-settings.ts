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
}
