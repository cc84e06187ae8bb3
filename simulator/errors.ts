/** A fault of the simulator's own input (options, population, personas, sounds): the message says what to mend. */
export class SimulatorError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'SimulatorError';
    this.code = code;
  }
}
