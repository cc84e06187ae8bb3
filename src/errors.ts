/**
 * Base of every error this project throws on purpose. `code` is stable and may be matched by programs;
 * the message says what was attempted, on what, and what to do about it.
 */
export class MinibotError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Something the operator can mend (a setting, a file, a service that is down): shown as one line, no stack. */
export class OperatorError extends MinibotError {}
