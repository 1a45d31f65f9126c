import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readScreen } from '../../../src/activity/read-screen.ts';
import { buildOwnType } from '../../../src/agents/own/own-type.ts';
import { KNOWN_AGENT_TYPES } from '../../../src/agents/registry.ts';
import type { ScreenSigns } from '../../../src/agents/types.ts';

const folder = join(import.meta.dirname, '../../../config-examples/agents/gemini');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const type = buildOwnType(
  'gemini',
  {
    folder,
    agent: read('agent.json'),
    signs: read('signs.json'),
    dockerfile: read('Dockerfile'),
    entrypoint: undefined,
  },
  KNOWN_AGENT_TYPES,
);

/** A screen of Gemini CLI 0.61.0 as it was seen in a pane of 60 columns: what was said, the line above, the composer. */
function draw(said: string, status: string, ...composer: readonly string[]): string {
  return [
    said,
    '',
    `${status.padEnd(45)}? for shortcuts`,
    '─'.repeat(60),
    ' YOLO Ctrl+Y',
    '▄'.repeat(60),
    ...composer,
    '▀'.repeat(60),
    ' workspace (/directory)          sandbox             /model',
    ' /workspace                      no sandbox            Auto',
  ].join('\n');
}

const sent = (text: string): string => ['▄'.repeat(60), ` > ${text}`, '▀'.repeat(60)].join('\n');
const EMPTY = ' *   Type your message or @path/to/file';

const look = (screen: string, title = '') => readScreen(type.signs as ScreenSigns, screen, title);

describe('the Gemini CLI example reads', () => {
  test('an empty composer, in each approval mode', () => {
    for (const mark of ['*', '>']) {
      const screen = draw('✦ done', '', EMPTY.replace('*', mark));
      expect(look(screen, '◇  Ready (workspace)')).toMatchObject({
        composer: { text: '', mode: 'prompt' },
        busy: undefined,
        dialog: undefined,
        error: undefined,
      });
    }
  });

  test('what is typed, on several lines', () => {
    const screen = draw(sent('before'), '', ' * two words', '   second line');
    expect(look(screen).composer).toEqual({ text: 'two words\nsecond line', mode: 'prompt' });
  });

  test('shell mode and the search in the history as no place for a prompt', () => {
    expect(look(draw('', '', ' !   Type your shell command')).composer?.mode).toBe('shell');
    expect(look(draw('', '', ' (r:)    Type your message or @path/to/file')).composer?.mode).toBe('other');
  });

  test('work, by its spinner and its tool', () => {
    const tool = `╭${'─'.repeat(58)}╮\n│ ⊶  Shell sleep 6${' '.repeat(41)}│\n╰${'─'.repeat(58)}╯`;
    const reading = look(draw(tool, ' ⠸ Thinking... (esc to cancel, 2s)', EMPTY), '✦  Working… (workspace)');
    expect(reading).toMatchObject({ busy: 'model', busyMoves: true, tool: 'Shell: sleep 6' });
    const quoted = draw('✦ It says ⠸ Thinking... (esc to cancel, 2s)', '', EMPTY);
    expect(look(quoted, '◇  Ready (workspace)').busy).toBeUndefined();
  });

  test('a question, and not the prompt above it as a composer', () => {
    const line = (text: string): string => `│ ${text.padEnd(56)} │`;
    const box = [
      `╭${'─'.repeat(58)}╮`,
      line('? Shell  touch /workspace/x1'),
      line('Allow execution of [Shell]?'),
      line(''),
      line('● 1. Allow once'),
      line('  2. Allow for this session'),
      line('  3. No, suggest changes (esc)'),
      `╰${'─'.repeat(58)}╯`,
    ].join('\n');
    expect(look(`${sent('do it')}\n\n${box}\n\n`, '✋  Action Required (workspace)')).toMatchObject({
      composer: undefined,
      dialog: { kind: 'approval', what: 'Shell touch /workspace/x1' },
    });
  });

  test('an error only while it is the last thing said', () => {
    const error = `${sent('x')}\n✕ [API Error: key\n  not valid]\nℹ This request failed.\n  Details.`;
    expect(look(draw(error, '', EMPTY)).error).toBe('[API Error: key not valid]');
    expect(look(draw(`${error}\n\n✦ better now`, '', EMPTY)).error).toBeUndefined();
  });
});
