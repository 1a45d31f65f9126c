import { describe, expect, test } from 'vitest';
import { adviseAnswer, adviseOutcome } from '../../../src/output/next-steps.ts';

const who = { session: 'auth', agent: 'main' };

describe('the command that answers a question', () => {
  test.each([
    ['what its options mean', { options: [yes(), no(), { key: '3', label: 'Later' }] }, 'yes (or no)'],
    [
      'their numbers',
      {
        options: [
          { key: '1', label: 'Red' },
          { key: '2', label: 'Blue' },
        ],
        text: true,
      },
      "1 (or 2, 'your own words')",
    ],
    ['a word that a shell would read', { options: [{ key: 'a b', label: 'a b' }] }, "'a b'"],
    ['words', { options: [], text: true }, "'your own words'"],
    ['a key where nothing is known', undefined, '--key Enter'],
  ] as const)('%s', (_, question, words) => {
    expect(adviseAnswer(who, question)).toBe(`answer it: adr-tmux answer auth --agent main ${words}`);
  });

  function yes() {
    return { key: '1', label: 'Yes', means: 'yes' } as const;
  }
  function no() {
    return { key: '2', label: 'No', means: 'no' } as const;
  }
});

test('what went well needs no advice, what did not has a command', () => {
  for (const outcome of ['submitted', 'queued', 'answered', 'pressed'])
    expect(adviseOutcome(who, outcome)).toBe('');
  const failures = [
    'waiting',
    'changed',
    'no-question',
    'composer-busy',
    'not-ready',
    'exited',
    'typed',
    'timeout',
  ];
  for (const outcome of failures) expect(adviseOutcome(who, outcome)).toMatch(/adr-tmux \w+ auth/);
});
