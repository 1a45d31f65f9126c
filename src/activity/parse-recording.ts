import type { AgentEvent, RawReport } from '../agents/types.ts';
import { AdrError } from '../errors.ts';
import { locateJsonError } from './locate-json-error.ts';
import { parseReportLine } from './read-reports.ts';
import type { RecordedFrame, RecordingFile } from './recording.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The texts that a kind of event holds. Kinds that change no state are left out. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  ready: [],
  prompt: ['text'],
  busy: [],
  tool: ['name', 'input'],
  'tool-end': ['name'],
  ask: ['question', 'what'],
  answered: [],
  'turn-end': ['message'],
  error: ['message'],
  end: [],
};
const QUESTIONS = ['approval', 'trust', 'login', 'plan', 'choice', 'text'];

/**
 * Reads a recording. What a file may leave out: title, dead, exit, reports, keys of its own. `file` names it in
 * messages. Throws RECORDING_INVALID with the place in it.
 */
export function parseRecording(text: string, file: string): RecordingFile {
  const reject = (place: string, problem: string) => rejectRecording(file, place, problem);
  const fields = asFields(parseJson(text.replace(/^\ufeff/, ''), file), '', reject);
  if (!Array.isArray(fields.frames)) throw reject('frames', `must be a list, not ${describe(fields.frames)}`);
  const reports = fields.reports ?? [];
  if (!Array.isArray(reports)) throw reject('reports', `must be a list, not ${describe(reports)}`);
  const zero = readNumber(fields.startedAt ?? 0, 'startedAt', reject);
  const read = reports.map((report, index) => readReport(report, `reports[${index}]`, zero, reject));
  const known = read.filter((report) => report !== undefined);
  return {
    agent: readText(fields.agent ?? '', 'agent', reject),
    size: readText(fields.size ?? '', 'size', reject),
    ...(fields.started !== undefined && { started: readNumber(fields.started, 'started', reject) }),
    frames: fields.frames.map((frame, index) => readFrame(frame, `frames[${index}]`, reject)),
    reports: known.sort((a, b) => a.at - b.at),
    unknownReports: reports.filter((report, index) => read[index] === undefined && !changesNothing(report))
      .length,
  };
}

type Reject = (place: string, problem: string) => AdrError;

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const found = locateJsonError(text);
    const place = found === undefined ? '' : `line ${found.line}, column ${found.column}`;
    if (text.trim() === '') throw rejectRecording(file, '', 'is empty');
    const problem = found?.ended ? 'the file breaks off here' : 'is not JSON';
    throw rejectRecording(file, place, problem, cause);
  }
}

function rejectRecording(file: string, place: string, problem: string, cause?: unknown): AdrError {
  const where = place === '' ? '' : `${place}: `;
  return new AdrError('RECORDING_INVALID', `"${file}" is no recording: ${where}${problem}`, {
    hint: 'one is made by: adr-tmux explain SESSION --agent NAME --record FILE',
    details: { file, place },
    cause,
  });
}

function readFrame(value: unknown, place: string, reject: Reject): RecordedFrame {
  const frame = asFields(value, place, reject);
  const exit = frame.exit ?? null;
  return {
    t: readNumber(frame.t, `${place}.t`, reject),
    title: readText(frame.title ?? '', `${place}.title`, reject),
    dead: readSwitch(frame.dead ?? false, `${place}.dead`, reject),
    exit: exit === null ? null : readNumber(exit, `${place}.exit`, reject),
    screen: readText(frame.screen, `${place}.screen`, reject),
    ...(typeof frame.size === 'string' && { size: frame.size }),
  };
}

/**
 * A report as an event (`at` in ms, or `t` in seconds), or as the line that the reporter wrote. `zero` is the time of
 * t = 0 in ms since the epoch, for those that stand on that clock. Undefined: of a kind that is not known here.
 */
function readReport(
  value: unknown,
  place: string,
  zero: number,
  reject: Reject,
): AgentEvent | RawReport | undefined {
  if (typeof value === 'string') {
    const raw = parseReportLine(value);
    return raw && { ...raw, at: raw.at - zero };
  }
  const event = asFields(value, place, reject);
  const at =
    event.t === undefined ? readNumber(event.at, `${place}.at`, reject) : readSeconds(event, place, reject);
  if (typeof event.source === 'string' && event.kind === undefined) {
    return { at, source: event.source, body: event.body };
  }
  const kind = readText(event.kind, `${place}.kind`, reject);
  const needed = KINDS[kind];
  if (needed === undefined) return undefined;
  const texts = needed.map((key) => [key, readText(event[key] ?? '', `${place}.${key}`, reject)]);
  const plain = Object.entries(event).filter(([key, value]) => key !== 't' && typeof value !== 'object');
  const told = { ...Object.fromEntries([...plain, ...texts]), kind, at } as Fields;
  if (kind === 'ask' && !QUESTIONS.includes(`${told.question}`)) {
    throw reject(`${place}.question`, `is ${describe(event.question)}, not one of ${QUESTIONS.join(', ')}`);
  }
  const retrying = kind === 'error' && {
    retrying: readSwitch(event.retrying ?? false, `${place}.retrying`, reject),
  };
  return { ...told, ...retrying } as unknown as AgentEvent;
}

/** What an agent tells beside its state. */
function changesNothing(report: unknown): boolean {
  return typeof report === 'object' && report !== null && 'kind' in report && report.kind === 'usage';
}

function readSeconds(event: Fields, place: string, reject: Reject): number {
  return readNumber(event.t, `${place}.t`, reject) * 1000;
}

function asFields(value: unknown, place: string, reject: Reject): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw reject(place, `must be an object, not ${describe(value)}`);
}

function readText(value: unknown, place: string, reject: Reject): string {
  if (typeof value === 'string') return value;
  throw reject(place, `must be a text, not ${describe(value)}`);
}

function readNumber(value: unknown, place: string, reject: Reject): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw reject(place, `must be a number, not ${describe(value)}`);
}

function readSwitch(value: unknown, place: string, reject: Reject): boolean {
  if (typeof value === 'boolean') return value;
  throw reject(place, `must be true or false, not ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}..."` : text;
}
