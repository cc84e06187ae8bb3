import { monitorEventLoopDelay } from 'node:perf_hooks';
import { cpuSecondsOf, ownCpuSeconds } from './cpu-time.ts';

const LOOP_SAMPLE_MS = 10;
const MEMORY_SAMPLE_MS = 500;
const MB = 1024 ** 2;

export interface LoadFigures {
  /** How late this process's event loop was, beyond the timer that measures it. */
  eventLoopDelayMs: { p50: number; p95: number; p99: number; max: number };
  cpuSeconds: { worker: number; simulator: number | null };
  memoryPeakMb: number;
}

/** What the calls cost this machine between `start` and `figures`. */
export class LoadMeter {
  private readonly loop = monitorEventLoopDelay({ resolution: LOOP_SAMPLE_MS });
  private readonly cpuBefore: { worker: number; simulator: number | null };
  private memoryPeak = process.memoryUsage.rss();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly switchPid: number | null) {
    this.cpuBefore = this.cpuSeconds();
  }

  start(): void {
    this.loop.enable();
    this.timer = setInterval(() => this.sampleMemory(), MEMORY_SAMPLE_MS);
  }

  stop(): void {
    this.loop.disable();
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  figures(): LoadFigures {
    this.sampleMemory();
    const now = this.cpuSeconds();
    const before = this.cpuBefore;
    return {
      eventLoopDelayMs: {
        p50: lateness(this.loop.percentile(50)),
        p95: lateness(this.loop.percentile(95)),
        p99: lateness(this.loop.percentile(99)),
        max: lateness(this.loop.max),
      },
      cpuSeconds: {
        worker: tenths(now.worker - before.worker),
        simulator:
          now.simulator === null || before.simulator === null
            ? null
            : tenths(now.simulator - before.simulator),
      },
      memoryPeakMb: Math.round(this.memoryPeak / MB),
    };
  }

  private cpuSeconds(): { worker: number; simulator: number | null } {
    return {
      worker: ownCpuSeconds(),
      simulator: this.switchPid === null ? null : cpuSecondsOf(this.switchPid),
    };
  }

  private sampleMemory(): void {
    this.memoryPeak = Math.max(this.memoryPeak, process.memoryUsage.rss());
  }
}

/** The histogram holds the time between two ticks of its timer, in nanoseconds. */
function lateness(betweenTicksNs: number): number {
  return Math.max(0, tenths(betweenTicksNs / 1e6 - LOOP_SAMPLE_MS));
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
