import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { locateJsonError } from '../../../src/activity/locate-json-error.ts';
import { parseRecording } from '../../../src/activity/parse-recording.ts';

const frame = { t: 0, title: 'x', dead: false, exit: null, screen: 'hello' };
const parse = (value: unknown) => parseRecording(JSON.stringify(value), 'f.json');

function findFailure(text: string): string {
  try {
    parseRecording(text, 'f.json');
  } catch (error) {
    expect(error).toMatchObject({ code: 'RECORDING_INVALID', exitCode: 2 });
    return (error as Error).message.replace('"f.json" is no recording: ', '');
  }
  throw new Error('nothing was wrong with it');
}

describe('a recording', () => {
  test('may leave out what is not known', () => {
    expect(parse({ frames: [{ t: 1.5, screen: '' }] })).toEqual({
      agent: '',
      size: '',
      reports: [],
      unknownReports: 0,
      frames: [{ t: 1.5, title: '', dead: false, exit: null, screen: '' }],
    });
  });

  test('keeps reports as events, as lines of a reporter, and passes over kinds of another version', () => {
    const reports = [
      { kind: 'turn-end', message: 'done', t: 3 },
      { kind: 'prompt', text: 'go', at: 1000 },
      '1700000002000 claude {"hook_event_name":"Stop"}',
      { kind: 'dance', at: 5 },
      'no report',
    ];
    const read = parse({ agent: 'claude', startedAt: 1700000000000, frames: [frame], reports });
    expect(read.reports).toEqual([
      { kind: 'prompt', text: 'go', at: 1000 },
      { source: 'claude', body: { hook_event_name: 'Stop' }, at: 2000 },
      { kind: 'turn-end', message: 'done', at: 3000 },
    ]);
    expect(read.unknownReports).toBe(2);
  });

  test.each([
    ['', 'is empty'],
    ['{"frames":[', 'line 1, column 12: the file breaks off here'],
    ['{"frames":[\n{"t":1,"screen":"ab', 'line 2, column 17: the file breaks off here'],
    ['{"frames":[],\n "x": nope}', 'line 2, column 7: is not JSON'],
    ['{"frames":[]} x', 'line 1, column 15: is not JSON'],
    ['[]', 'must be an object, not a list'],
    ['null', 'must be an object, not null'],
    ['{}', 'frames: must be a list, not missing'],
    ['{"frames":[7]}', 'frames[0]: must be an object, not 7'],
    ['{"frames":[{"t":1,"screen":"a"},{"t":2}]}', 'frames[1].screen: must be a text, not missing'],
    ['{"frames":[{"t":"1","screen":"a"}]}', 'frames[0].t: must be a number, not "1"'],
    ['{"frames":[{"t":1,"screen":["a"]}]}', 'frames[0].screen: must be a text, not a list'],
    ['{"frames":[{"t":1,"screen":"a","dead":"no"}]}', 'frames[0].dead: must be true or false, not "no"'],
    ['{"frames":[],"agent":4}', 'agent: must be a text, not 4'],
    ['{"frames":[],"reports":{}}', 'reports: must be a list, not an object'],
    ['{"frames":[],"reports":[{"kind":"busy"}]}', 'reports[0].at: must be a number, not missing'],
    [
      '{"frames":[],"reports":[{"kind":"ask","at":1,"question":"why"}]}',
      'reports[0].question: is "why", not one of approval, trust, login, plan, choice, text',
    ],
  ])('%s: %s', (text, problem) => {
    expect(findFailure(text)).toBe(problem);
  });
});

describe('the place of an error in JSON', () => {
  test('is found in every text that JSON.parse refuses, and in no other', () => {
    const json = fc
      .json()
      .chain((text) =>
        fc.tuple(
          fc.constant(text),
          fc.nat(text.length),
          fc.constantFrom('', '"', ',', '}', ']', ' ', '\\', 'x', '\n'),
        ),
      );
    fc.assert(
      fc.property(json, ([text, at, put]) => {
        const broken = text.slice(0, at) + put + text.slice(at + 1);
        expect(locateJsonError(broken) !== undefined).toBe(!parses(broken));
      }),
      { numRuns: 2000 },
    );
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
