import pc from 'picocolors';
import { cutTo } from '../src/cli/box.ts';
import { LiveScreen } from '../src/cli/live-screen.ts';
import type { CampaignSnapshot, LiveCall } from '../src/db/campaign-snapshot.ts';
import { maskPhoneNumber } from '../src/masking.ts';

const BAR_WIDTH = 30;
const NAME_WIDTH = 18;
const STEP_WIDTH = 26;

/** Shows the campaign while it runs: redrawn in place on a terminal, a line for every change elsewhere. */
export class LiveView {
  private readonly startedMs = performance.now();
  private stage = '';
  private lastLine = '';
  private readonly screen: LiveScreen;

  constructor(private readonly output: NodeJS.WriteStream) {
    this.screen = new LiveScreen(output, { fullScreen: false, onResize: () => undefined });
  }

  showStage(stage: string): void {
    this.stage = stage;
    if (this.output.isTTY) this.screen.draw([pc.dim(`${stage} …`)]);
    else this.output.write(`${stage} …\n`);
  }

  showSnapshot(snapshot: CampaignSnapshot): void {
    if (this.output.isTTY) {
      this.screen.draw(this.draw(snapshot));
      return;
    }
    const line = progressLine(snapshot);
    if (line !== this.lastLine) this.output.write(`${this.elapsed()} ${line}\n`);
    this.lastLine = line;
  }

  close(): void {
    this.screen.close();
  }

  private draw(snapshot: CampaignSnapshot): string[] {
    const done = snapshot.byState.done;
    const filled = snapshot.total === 0 ? 0 : Math.round((done / snapshot.total) * BAR_WIDTH);
    const bar = pc.green('█'.repeat(filled)) + pc.dim('░'.repeat(BAR_WIDTH - filled));
    const waiting =
      snapshot.nextAttemptAt === null
        ? ''
        : pc.dim(`  next retry ${snapshot.nextAttemptAt.toLocaleTimeString('fr-FR')}`);
    const { width } = this.screen.size;
    return [
      `${pc.bold('MiniBotPanel demo')}  ${this.elapsed()}${waiting}`,
      `${bar} ${done}/${snapshot.total}  ${results(snapshot)}`,
      '',
      ...(snapshot.liveCalls.length === 0 ? [pc.dim(this.stage)] : snapshot.liveCalls.map(drawCall)),
    ].map((line) => cutTo(line, width));
  }

  private elapsed(): string {
    return `${((performance.now() - this.startedMs) / 1000).toFixed(0).padStart(3)} s`;
  }
}

function progressLine({ byState, total, liveCalls, byResult }: CampaignSnapshot): string {
  const outcome = Object.entries(byResult).map(([result, count]) => `${result} ${count}`);
  return [`done ${byState.done}/${total}`, `in call ${liveCalls.length}`, ...outcome].join(' · ');
}

function results({ byResult }: CampaignSnapshot): string {
  return Object.entries(byResult)
    .map(([result, count]) => `${pc.dim(result)} ${count}`)
    .join('  ');
}

function drawCall(call: LiveCall): string {
  const name = `${call.firstName ?? ''} ${call.lastName ?? ''}`
    .trim()
    .slice(0, NAME_WIDTH)
    .padEnd(NAME_WIDTH);
  const where =
    call.answeredAt === null
      ? pc.yellow((call.ringingAt === null ? 'dialling' : 'ringing').padEnd(STEP_WIDTH))
      : pc.cyan((call.currentStep ?? 'listening to the greeting').slice(0, STEP_WIDTH).padEnd(STEP_WIDTH));
  const words = call.lastHeard === null ? '' : `« ${call.lastHeard} »`;
  return `${maskPhoneNumber(call.phone)}  ${name}  ${where} ${words}`;
}
