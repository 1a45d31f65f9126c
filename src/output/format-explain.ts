import type { ReplayedFrame } from '../activity/replay.ts';
import type { Explanation, ShownFact } from '../commands/tmux/explain-live.ts';
import { abbreviateHome, type Environment } from '../system/paths.ts';
import { formatSpan } from './format-time.ts';
import { stripControls } from './strip-controls.ts';

const EVIDENCE_CHARS = 160;

/** The verdict on one frame of a recording as a line of NDJSON. */
export function formatReplayLine({ t, state, reason, rule, evidence }: ReplayedFrame): string {
  return `${JSON.stringify({ t, state, reason, rule, evidence })}\n`;
}

/** What every rule says, for people. */
const RULES: Readonly<Record<string, string>> = {
  'pane-dead': 'its pane is dead',
  'question-reported': 'the agent reported a question, and nothing has answered it',
  dialog: 'a question stands on the screen',
  'busy-without-progress': 'at work, but no report and no progress for too long',
  retrying: 'it waits out an API error',
  'busy-reported': 'the agent reported that it is at work',
  'busy-sign': 'the screen shows that it is at work',
  'turn-over-with-error': 'the turn is over, and an error was the last thing said',
  'turn-over': 'the agent reported the end of its turn',
  view: 'something hides the composer, and below it all is as it was',
  streaming: 'the screen moves, and no title says that it rests',
  composer: 'the composer stands there, nothing is at work',
  'not-ready-yet': 'no composer and no report since it was started',
  unchanged: 'no sign explains the screen, and it did not change over two checks (base rule)',
  changing: 'no sign explains the screen, and it changes (base rule)',
};

/** Both witnesses and the verdict, for people: one fact a line. */
export function formatExplanation(explanation: Explanation, env: Environment): string {
  const { at, session, agent, type, run, pane, now, screen, problem } = explanation;
  const file = screen.signsFile === undefined ? undefined : abbreviateHome(screen.signsFile, env);
  const lines = [
    `${session}/${agent} (${type}, run ${run}, pane ${pane})`,
    '',
    row('state', [now.state, now.reason].filter((part) => part !== '').join(' - ')),
    row('rule', `${now.rule}: ${RULES[now.rule] ?? ''}`),
    row('witness', now.witness),
    row('evidence', cut(now.evidence)),
    row('since', `${formatSpan(at - now.since)} ago (${formatMoment(now.since)})`),
    row('progress', `${formatSpan(at - now.progressAt)} ago; quiet for ${formatSpan(screen.quietFor)}`),
    row('stored', describeStored(explanation)),
    '',
    ...describeReports(explanation),
    '',
    `screen (${screen.size}, title ${JSON.stringify(cut(screen.title))}):`,
    ...describeScreen(screen.shown, env),
    '',
    `signs: ${file === undefined ? 'built in' : `built in, changed by ${file}`}; see: adr-tmux explain --signs ${type}`,
    ...(problem ? [`warning: ${problem.message}; that file does not count`] : []),
  ];
  return `${lines.map((line) => stripControls(line)).join('\n')}\n`;
}

/** The same as one JSON document, version 1; times in ms since the epoch. */
export function formatExplanationJson({ problem, ...explanation }: Explanation): string {
  const { stored } = explanation;
  return `${JSON.stringify({
    v: 1,
    ...explanation,
    stored: stored ?? null,
    problem: problem ? { code: problem.code, message: problem.message, hint: problem.hint ?? null } : null,
  })}\n`;
}

function describeStored({ stored, now, at, monitorBeats }: Explanation): string {
  const monitor = monitorBeats ? '' : '; no monitor runs';
  if (!stored) return `nothing yet${monitor}`;
  const age = `${formatSpan(at - stored.lookedAt)} ago`;
  const same = stored.state === now.state && stored.reason === now.reason;
  const told = same ? 'the same' : [stored.state, stored.reason].filter((part) => part !== '').join(' - ');
  return `${told}, ${age}${monitor}`;
}

function describeReports({ reports, at }: Explanation): readonly string[] {
  const { facts, bytes, wanted, flooded } = reports;
  if (bytes === 0) {
    return [`reports: none${wanted ? ' yet' : ' (this agent has no reporter, or it was started without)'}`];
  }
  const ago = (time: number): string => `${formatSpan(at - time)} ago`;
  const turn = facts.turn === undefined ? 'unknown' : `${facts.turn} since ${ago(facts.turnAt)}`;
  const last = facts.reportedAt === undefined ? '' : `, the last ${ago(facts.reportedAt)}`;
  return [
    `reports (${bytes} bytes${last}):`,
    ...(flooded ? ['  too many: they are not read any more, the screen decides'] : []),
    row('  turn', turn),
    ...facts.tools.map((tool) => row('  tool', cut(`${tool.name}: ${tool.input}, since ${ago(tool.at)}`))),
    ...(facts.question
      ? [row('  question', cut(`${facts.question.what}, since ${ago(facts.question.at)}`))]
      : []),
    ...(facts.error ? [row('  error', cut(`${facts.error.message}, ${ago(facts.error.at)}`))] : []),
  ];
}

function describeScreen(shown: readonly ShownFact[] | undefined, env: Environment): readonly string[] {
  if (shown === undefined) return ['  no signs for this agent type: the base rule judges it'];
  if (shown.length === 0) return ['  no sign explains it'];
  return shown.flatMap(({ kind, says, line, sign }) => [
    row(`  ${kind}`, cut(says)),
    row('', `line: ${cut(line)}`),
    ...(sign
      ? [
          row(
            '',
            `sign: ${sign.place} (${sign.file === undefined ? 'built in' : abbreviateHome(sign.file, env)})`,
          ),
        ]
      : []),
  ]);
}

function row(name: string, value: string): string {
  return `${name.padEnd(11)} ${value}`.trimEnd();
}

function cut(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length > EVIDENCE_CHARS ? `${line.slice(0, EVIDENCE_CHARS - 1)}…` : line;
}

function formatMoment(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').slice(0, 19).concat(' UTC');
}
