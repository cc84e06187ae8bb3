import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { findUnfinishedByWorker } from '../src/db/calls.ts';
import type { Database } from '../src/db/client.ts';
import type { Fault } from './fault-plan.ts';
import type { InjectedFault } from './judge-record.ts';
import type { PhoneSwitch } from './phone-switch.ts';
import type { PostgresServer } from './postgres-server.ts';
import type { KilledWorker } from './recovery.ts';
import type { RedisServer } from './redis-server.ts';
import type { WorkerFleet } from './worker-fleet.ts';

interface World {
  phoneSwitch: PhoneSwitch;
  redis: RedisServer;
  postgres: PostgresServer;
  fleet: WorkerFleet;
  database: Database;
  logger: Logger;
}

const QUESTION_DEADLINE_MS = 15_000;
const QUESTION_RETRY_MS = 100;

/** Makes faults happen and keeps a list of them. */
export class FaultInjector {
  readonly injected: InjectedFault[] = [];
  readonly kills: KilledWorker[] = [];
  private readonly questions = new Set<Promise<void>>();

  constructor(private readonly world: World) {}

  /** Resolves when the fault is there and, where it is one that passes, over. */
  async inject(fault: Fault): Promise<void> {
    const entry: InjectedFault = {
      kind: fault.kind,
      startedMs: epochMs(),
      endedMs: Number.POSITIVE_INFINITY,
    };
    this.injected.push(entry);
    this.world.logger.info({ fault }, 'fault');
    await this.carryOut(fault);
    entry.endedMs = epochMs();
  }

  /** Waits until all is known about the workers that were killed. */
  async settle(): Promise<void> {
    await Promise.all(this.questions);
  }

  /** The database could not be asked how far the campaign is: to be expected while it restarts. */
  noteBlindness(error: unknown): void {
    this.world.logger.debug({ err: error }, 'the campaign cannot be looked at now');
  }

  private async carryOut(fault: Fault): Promise<void> {
    const { phoneSwitch, redis, postgres, fleet } = this.world;
    switch (fault.kind) {
      case 'kill-worker':
        return this.killWorker(fault);
      case 'drain-worker':
        return fleet.drain(fault.worker);
      case 'restart-redis':
        return redis.restart(fault);
      case 'wipe-redis':
        return redis.wipe();
      case 'restart-postgres':
        return postgres.restart(fault.how);
      case 'drop-esl':
        phoneSwitch.dropEsl();
        return;
      case 'crash-switch':
        phoneSwitch.crash(fault.restartMs);
        await delay(fault.restartMs);
        return;
      case 'cut-audio':
        fleet.cutAudio(fault.worker);
        return;
      case 'lose-calls':
        phoneSwitch.loseCalls();
        return;
      case 'fill-switch':
        phoneSwitch.limitSessions(fault.sessions);
        await delay(fault.forMs);
        phoneSwitch.unlimitSessions();
        return;
    }
  }

  private async killWorker({ worker, restartMs }: Extract<Fault, { kind: 'kill-worker' }>): Promise<void> {
    const killedAtMs = epochMs();
    const workerId = await this.world.fleet.kill(worker, restartMs);
    if (workerId === null) return;
    const question = this.unfinishedOf(workerId)
      .then((attempts) => void this.kills.push({ workerId, killedAtMs, attempts }))
      .finally(() => this.questions.delete(question));
    this.questions.add(question);
  }

  /** Asked until it is answered: Postgres may be away just then. Nobody takes the attempts over that soon. */
  private async unfinishedOf(workerId: string): Promise<string[]> {
    const giveUpAtMs = performance.now() + QUESTION_DEADLINE_MS;
    for (;;) {
      try {
        const calls = await findUnfinishedByWorker(this.world.database.db, workerId);
        return calls.map(({ id }) => id);
      } catch (error) {
        if (performance.now() > giveUpAtMs) throw error;
        await delay(QUESTION_RETRY_MS);
      }
    }
  }
}

/** On the record's clock. */
function epochMs(): number {
  return Math.round(performance.timeOrigin + performance.now());
}
