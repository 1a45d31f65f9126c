import packageJson from '../../package.json' with { type: 'json' };
import type { ProgramDefinition } from './command.ts';
import { runProgram } from './program.ts';

/** Runs a program on this process's own argv, environment and streams: the one place that sets the exit code. */
export async function runMain(definition: ProgramDefinition): Promise<void> {
  process.exitCode = await runProgram({
    ...definition,
    version: packageJson.version,
    argv: process.argv.slice(2),
    env: process.env,
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
  });
}
