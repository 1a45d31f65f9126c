import { setTimeout as sleep } from 'node:timers/promises';
import { lookAtPanes } from '../src/activity/look.ts';
import { initialMemory } from '../src/activity/memory.ts';
import { stepActivity } from '../src/activity/step-activity.ts';
import { findAgentType } from '../src/agents/registry.ts';
import type { TestServer } from '../test/support/tmux-server.ts';
import type { Ledger } from './mixed-ledger.ts';

const SAMPLE_MS = 1000;
const LOOK_MS = 3000;
const NAIVE_MS = 6000;

/** Notes once a second what the monitor wrote, and what a classifier without reports and the naive rule say. */
export function watchStates(server: TestServer, ledger: Ledger): { stop(): Promise<void> } {
  const judges = new Map<string, ScreenJudge>();
  let stopped = false;
  let lookedAt = 0;
  const tick = async () => {
    const format = '#{@adr_agent} #{@adr_run} #{pane_id} #{@adr_state}';
    const at = Date.now();
    const panes = (await server.run('list-panes', '-a', '-F', format))
      .split('\n')
      .map((line) => line.split(' '));
    const known = panes.flatMap(([agent = '', run = '', pane = '', state = '']) =>
      agent ? [{ agent, run, pane, state }] : [],
    );
    const looking = at - lookedAt >= LOOK_MS;
    const looks = looking
      ? await lookAtPanes(
          server.tmux,
          known.map(({ pane }) => pane),
        )
      : undefined;
    if (looking) lookedAt = at;
    for (const { agent, run, pane, state } of known) {
      const judge = judges.get(run) ?? new ScreenJudge(agent, at);
      judges.set(run, judge);
      const look = looks?.panes.get(pane);
      if (look) judge.look(look, at);
      ledger.addSample('shown', agent, state, at);
      ledger.addSample('screen', agent, judge.state, at);
      ledger.addSample('naive', agent, judge.naive, at);
    }
  };
  const loop = (async () => {
    while (!stopped) {
      await tick().catch(() => undefined);
      await sleep(SAMPLE_MS);
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await loop;
    },
  };
}

/** The classifier with no reports, and the rule that knows no agents, over one run. */
class ScreenJudge {
  readonly #type;
  #memory;
  #screen = '';
  #changedAt: number;
  state = 'STARTING';
  naive = 'RUNNING';

  constructor(agent: string, at: number) {
    this.#type = findAgentType(agent);
    this.#memory = initialMemory(at);
    this.#changedAt = at;
  }

  look(
    look: { screen: string; title: string; size: string; dead: boolean; exit: number | null },
    at: number,
  ): void {
    const { screen, title, size, dead, exit } = look;
    const observation = { at, screen, title, size, dead, exit: dead ? exit : undefined, events: [] };
    const { memory, verdict } = stepActivity(this.#memory, observation, { signs: this.#type?.signs });
    this.#memory = memory;
    this.state = verdict.state;
    if (screen !== this.#screen) this.#changedAt = at;
    this.#screen = screen;
    this.naive = at - this.#changedAt >= NAIVE_MS ? 'STALLED' : 'RUNNING';
  }
}
