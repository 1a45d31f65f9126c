import { expect, test } from 'vitest';
import { mergeExitCodes } from '../../../src/output/merge-exit-codes.ts';
import { findExitCode, type Outcome } from '../../../src/prompt/outcome.ts';

test.each<[Outcome, number]>([
  ['submitted', 0],
  ['queued', 0],
  ['typed', 7],
  ['unconfirmed', 7],
  ['not-ready', 124],
  ['composer-busy', 6],
  ['waiting', 6],
  ['exited', 5],
  ['not-found', 3],
])('%s ends with %i', (outcome, code) => {
  expect(findExitCode(outcome)).toBe(code);
});

test('typed is success for somebody who asked for it', () => {
  expect(findExitCode('typed', false)).toBe(0);
  expect(findExitCode('waiting', false)).toBe(6);
});

test.each<[readonly number[], number]>([
  [[0, 0], 0],
  [[0, 5], 7],
  [[5, 6], 5],
  [[6, 6], 6],
])('%j is %i for all of them', (codes, code) => {
  expect(mergeExitCodes(codes)).toBe(code);
});
