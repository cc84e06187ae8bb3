/** Whoever is asked wants the question before this one. */
export const BACK = Symbol('back');

export type Answer<T> = Promise<T | typeof BACK>;

export interface Choice<T extends string> {
  value: T;
  label: string;
  hint?: string;
}

export interface ChoiceQuestion<T extends string, Initial> {
  message: string;
  choices: readonly Choice<T>[];
  initial: Initial;
}

/** Puts one question at a time to somebody at a terminal. Rejects with an `OperatorError` when they call it off. */
export interface Asker {
  text(question: {
    message: string;
    /** Stands there to be changed. */
    initial: string;
    /** What is wrong with it; null where nothing is. */
    validate: (text: string) => string | null;
  }): Answer<string>;
  choose<T extends string>(question: ChoiceQuestion<T, T | null>): Answer<T>;
  chooseMany<T extends string>(question: ChoiceQuestion<T, readonly T[]>): Answer<T[]>;
  confirm(question: { message: string; initial: boolean }): Answer<boolean>;
  /** Something to read before the next question. */
  note(text: string, title: string): void;
  /** Shows that something takes its time. */
  busy<T>(message: string, work: () => Promise<T>): Promise<T>;
}
