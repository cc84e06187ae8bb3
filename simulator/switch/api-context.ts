import type { Switch } from './switch.ts';

/** What an API command acts on. */
export interface ApiContext {
  switch: Switch;
  /** Starting audio without media kills the switch; never comes back. */
  crash: () => void;
  /** `fsctl shutdown`. */
  shutDown: () => void;
}
