/** Microseconds since the epoch, as FreeSWITCH stamps its events and call times. */
export function nowMicros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}
