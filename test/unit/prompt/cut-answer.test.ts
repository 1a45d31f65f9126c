import { describe, expect, test } from 'vitest';
import { findAgentType } from '../../../src/agents/registry.ts';
import type { ScreenSigns } from '../../../src/agents/types.ts';
import { cutAnswer } from '../../../src/prompt/cut-answer.ts';
import { loadRecording } from '../activity/recordings.ts';

function signsOf(type: string): ScreenSigns {
  const signs = findAgentType(type)?.signs;
  if (!signs) throw new Error(`no signs for ${type}`);
  return signs;
}

describe.each(['pi', 'codex', 'opencode', 'claude'])('%s', (type) => {
  test('the last frame of a finished reply gives the reply', () => {
    const frame = loadRecording(`${type}/done-120x40.json`).frames.at(-1);
    const answer = cutAnswer(signsOf(type), frame?.screen ?? '', 'SC-DONE please');
    expect(answer).toMatch(/word0 word1 word2/);
    expect(answer).toMatch(/word298 word299/);
    expect(answer).not.toContain('SC-DONE');
    expect(answer).not.toMatch(/[─┃▀]/);
  });
});

test('a prompt of several lines is left out, and one that has scrolled away is not missed', () => {
  const rule = '─'.repeat(30);
  const screen = ['▸ one', '    two words', '', '◆ the answer', '  goes on', rule, '▸ ', rule, ''].join('\n');
  expect(cutAnswer(signsOf('demo'), screen, 'one\n\ntwo words')).toBe('◆ the answer\n  goes on');
  expect(cutAnswer(signsOf('demo'), screen, 'elsewhere')).toContain('one');
});
