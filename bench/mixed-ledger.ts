import { findMedian } from './measure.ts';

/** Which of the judges a sample is of: what `status` shows, the screens alone, the naive rule. */
export type Judge = 'shown' | 'screen' | 'naive';

interface Truth {
  readonly at: number;
  /** Undefined: nobody can tell. */
  readonly state: string | undefined;
  readonly step: string;
}

interface Sample {
  readonly at: number;
  readonly state: string;
}

/** A wrong state that goes by within this is a late one, not a mistake (ms). */
const PATIENCE = 5_000;
/** What lasted shorter than this need not be seen (ms). */
const SHORTEST = 6_000;

/** What was true of each agent and what each judge said, by time. */
export class Ledger {
  readonly #truth = new Map<string, Truth[]>();
  readonly #samples = new Map<string, Sample[]>();

  /** From `at` (ms) on this is true of the agent; undefined: either may be. */
  setTruth(agent: string, state: string | undefined, step: string, at = Date.now()): void {
    this.#list(this.#truth, agent).push({ at, state, step });
  }

  addSample(judge: Judge, agent: string, state: string, at: number): void {
    this.#list(this.#samples, `${judge} ${agent}`).push({ at, state });
  }

  get agents(): readonly string[] {
    return [...this.#truth.keys()];
  }

  /** Every stretch of one truth with the samples in it. */
  listStretches(judge: Judge, agent: string) {
    const truths = this.#truth.get(agent) ?? [];
    const samples = this.#samples.get(`${judge} ${agent}`) ?? [];
    return truths.flatMap(({ at, state, step }, index) => {
      const end = truths[index + 1]?.at ?? samples.at(-1)?.at ?? at;
      if (state === undefined || truths[index - 1]?.state === state) return [];
      return [
        { at, end, state, step, samples: samples.filter((sample) => sample.at >= at && sample.at < end) },
      ];
    });
  }

  /** Lines for people: each wrong state that lasted. */
  listMistakes(judge: Judge): readonly string[] {
    return this.agents.flatMap((agent) =>
      this.listStretches(judge, agent).flatMap(({ at, state, step, samples }) => {
        const wrong = samples.filter((sample) => sample.state !== state && sample.at - at > PATIENCE);
        if (wrong.length === 0) return [];
        const said = [...new Set(wrong.map((sample) => sample.state))].join(', ');
        const from = Math.round(((wrong[0]?.at ?? at) - at) / 1000);
        return [`${agent}: ${said} for ${wrong.length} s, ${from} s into ${state} (${step})`];
      }),
    );
  }

  #list<T>(lists: Map<string, T[]>, key: string): T[] {
    const list = lists.get(key) ?? [];
    lists.set(key, list);
    return list;
  }
}

/** One row a judge and agent: share of right seconds, false and missed STALLED, seconds to the state. */
export function describeTally(ledger: Ledger, judges: readonly Judge[]): readonly (readonly string[])[] {
  const rows = judges.flatMap((judge) =>
    [...ledger.agents.map((agent) => [agent]), [...ledger.agents]].map((agents) =>
      describeRow(ledger, judge, agents),
    ),
  );
  const head = [
    '',
    'seconds',
    'right',
    'events',
    'median s',
    'worst s',
    'not seen',
    'hangs',
    'missed',
    'false STALLED',
  ];
  return [head, ...rows];
}

function describeRow(ledger: Ledger, judge: Judge, agents: readonly string[]): readonly string[] {
  const all = agents.flatMap((agent) => ledger.listStretches(judge, agent));
  const samples = all.flatMap(({ state, samples }) => samples.map((sample) => sample.state === state));
  const lasting = all.filter(({ at, end }) => end - at >= SHORTEST);
  const delays = lasting.map(({ at, state, samples }) => {
    const seen = samples.find((sample) => sample.state === state);
    return seen && (seen.at - at) / 1000;
  });
  const seen = delays.filter((delay) => delay !== undefined);
  const hangs = all.filter(({ state }) => state === 'STALLED');
  const missed = hangs.filter(({ samples }) => samples.every((sample) => sample.state !== 'STALLED'));
  const falsely = all.filter(({ at, state, samples }) =>
    samples.some((sample) => state !== 'STALLED' && sample.state === 'STALLED' && sample.at - at > PATIENCE),
  );
  const right = samples.filter((isRight) => isRight).length;
  return [
    `${judge} ${agents.length === 1 ? agents[0] : 'all'}`,
    `${samples.length}`,
    `${((100 * right) / Math.max(1, samples.length)).toFixed(1)}%`,
    `${lasting.length}`,
    findMedian(seen).toFixed(1),
    Math.max(0, ...seen).toFixed(1),
    `${delays.length - seen.length}`,
    `${hangs.length}`,
    `${missed.length}`,
    `${falsely.length}`,
  ];
}
