import { type DoctorTools, examine, type Finding, isWrong } from '../../commands/adr/doctor.ts';
import { openTmux } from '../../commands/tmux/context.ts';
import { openAgentTypes } from '../../config/agent-types.ts';
import { stripControls } from '../../output/strip-controls.ts';
import { runProcess } from '../../system/process.ts';
import type { CommandContext } from '../command.ts';
import { openContainerEngine } from './open-engine.ts';

/** What `--check` ends with when something is wrong. */
const WRONG = 8;

/** `adr doctor`. */
export async function runDoctor(context: CommandContext): Promise<number> {
  const { args, env, stdout, version } = context;
  const { types, broken } = await openAgentTypes(env).list();
  const tools: DoctorTools = {
    env,
    version,
    types,
    run: runProcess,
    tmux: openTmux(args.string('socket'), env, runProcess),
    engine: await openContainerEngine(context),
    terminal: stdout.isTTY ? { columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 } : undefined,
  };
  const findings = [
    ...(await examine(tools)),
    ...broken.map(
      ({ name, error }): Finding => ({
        area: 'agents',
        level: 'warning',
        message: `${name}: ${error.message}`,
        ...(error.hint ? { fix: error.hint } : {}),
      }),
    ),
  ];
  const wrong = findings.filter(isWrong).length;
  if (args.flag('json')) stdout.write(`${JSON.stringify({ v: 1, ok: wrong === 0, findings })}\n`);
  else stdout.write(formatFindings(findings));
  return args.flag('check') && wrong > 0 ? WRONG : 0;
}

/** Findings area by area, each with its fix below it, and how many are wrong. */
export function formatFindings(findings: readonly Finding[]): string {
  const areas = [...new Set(findings.map(({ area }) => area))];
  const lines = areas.flatMap((area) => [
    area,
    ...findings.filter((finding) => finding.area === area).flatMap(formatFinding),
  ]);
  const wrong = findings.filter(isWrong).length;
  const end = wrong === 0 ? 'All is well.' : `${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong.`;
  return [...lines, '', end, ''].join('\n');
}

function formatFinding({ level, message, fix }: Finding): readonly string[] {
  const head = `  ${level.padEnd(7)}  ${stripControls(message).replaceAll('\n', ' ')}`;
  return fix === undefined ? [head] : [head, `           fix: ${stripControls(fix).replaceAll('\n', ' ')}`];
}
