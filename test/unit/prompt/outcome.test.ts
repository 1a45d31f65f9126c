import { expect, test } from 'vitest';
import { findExitCode, type Outcome } from '../../../src/prompt/outcome.ts';

test.each<[readonly Outcome[], number]>([
  [['submitted'], 0],
  [['queued'], 0],
  [['typed'], 7],
  [['unconfirmed'], 7],
  [['not-ready'], 124],
  [['composer-busy'], 6],
  [['waiting'], 6],
  [['exited'], 5],
  [['not-found'], 3],
  [['submitted', 'queued'], 0],
  [['submitted', 'exited'], 7],
  [['exited', 'waiting'], 5],
  [['waiting', 'waiting'], 6],
])('%j ends with %i', (outcomes, code) => {
  expect(findExitCode(outcomes)).toBe(code);
});
