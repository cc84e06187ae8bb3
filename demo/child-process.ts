import { Child as AnyChild, type ChildOptions } from '../src/child-process.ts';

/** A process started beside the demo, with no settings but those given. */
export class Child extends AnyChild {
  constructor(options: ChildOptions) {
    super({ ...options, env: { ...ofThisMachine(), ...options.env } });
  }
}

/** Settings of a real installation (DATABASE_URL, REDIS_URL …) never reach what the demo starts. */
function ofThisMachine(): Record<string, string> {
  const { PATH = '', HOME = '', LANG = '' } = process.env;
  return { PATH, HOME, LANG };
}
