import { Engine } from '../../../src/container/engine.ts';
import type { ProcessResult } from '../../../src/system/process.ts';

export type Answer = Partial<ProcessResult>;

/** An engine whose client is a function of its arguments; the calls it saw with it. */
export function scriptEngine(answer: (args: readonly string[]) => Answer | string | undefined): {
  readonly engine: Engine;
  readonly calls: string[];
} {
  const calls: string[] = [];
  const engine = new Engine({
    program: 'docker',
    env: {},
    run: async (_file, args) => {
      calls.push(args.join(' '));
      const said = answer(args) ?? {};
      const result = typeof said === 'string' ? { stdout: said } : said;
      return { exitCode: 0, signal: null, stdout: '', stderr: '', failure: 'none', ...result };
    },
  });
  return { engine, calls };
}
