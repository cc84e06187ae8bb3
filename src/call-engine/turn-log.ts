import { latenciesOf, type TurnMoments } from './latency.ts';
import type { Turn } from './ports.ts';

interface OpenTurn {
  turn: Turn;
  moments: TurnMoments;
}

/** What is known of a turn when it is understood. */
export type UnderstoodTurn = Omit<Turn, 'turnNumber' | 'step' | 'latencies' | 'nextStep'>;

/** Numbers a call's turns and tells each, again whenever more of its latencies is known, until the reply to it has started. */
export class TurnLog {
  private open: OpenTurn | null = null;
  private count = 0;

  constructor(
    private readonly deps: {
      onTurn: (turn: Turn) => void;
      /** Where the scenario stands now; null when the call ended. */
      nextStep: () => string | null;
    },
  ) {}

  /** A turn at `step` was understood; told by `complete`. */
  begin(understood: UnderstoodTurn, moments: TurnMoments, step: string): void {
    this.count += 1;
    const turn: Turn = {
      ...understood,
      turnNumber: this.count,
      step,
      latencies: latenciesOf(moments),
      nextStep: null,
    };
    this.open = { turn, moments };
  }

  /** Adds what became known of the open turn and tells it; after the reply has started it is closed. */
  complete(known: Partial<TurnMoments>): void {
    if (this.open === null) return;
    const { turn } = this.open;
    const moments = { ...this.open.moments, ...known };
    const completed: Turn = { ...turn, latencies: latenciesOf(moments), nextStep: this.deps.nextStep() };
    this.open = moments.replyStartedAtMs === null ? { turn, moments } : null;
    this.deps.onTurn(completed);
  }

  /** The prompt that the open turn interrupted fell silent. */
  promptSilenced(atMs: number): void {
    if (this.open?.turn.bargeIn !== true || this.open.moments.promptSilencedAtMs !== null) return;
    this.complete({ promptSilencedAtMs: atMs });
  }
}
