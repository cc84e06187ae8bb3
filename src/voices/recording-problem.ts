import { OperatorError } from '../errors.ts';

/** Why a file cannot be used as a recording. */
export type RecordingProblem =
  | 'missing'
  | 'symbolic-link'
  | 'no-file'
  | 'empty'
  | 'too-large'
  | 'bad-name'
  | 'two-sources'
  | 'no-audio'
  | 'too-long'
  | 'silent'
  | 'peaks';

/** Found while it was read. `message` says what ffmpeg said, where it said something. */
export class UnusableRecording extends OperatorError {
  constructor(
    readonly problem: RecordingProblem,
    message: string = problem,
    options?: { cause: unknown },
  ) {
    super('recording_unusable', message, options);
  }
}
