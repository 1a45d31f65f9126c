import { describe, expect, test } from 'vitest';
import type { AgentUsage } from '../../../src/agents/types.ts';
import { describeUsage, formatCount } from '../../../src/output/format-usage.ts';

const cached = { input: 9000, output: 1300, cacheRead: 800_000, cacheWrite: 2000 };

test.each<[AgentUsage | undefined, string]>([
  [undefined, ''],
  [{}, ''],
  [{ input: 0, output: 0, context: 0, cost: 0 }, ''],
  [
    { ...cached, context: 118_000, contextSize: 200_000, cost: 0.124 },
    '12.3k tokens · 41% context left · $0.12',
  ],
  [{ output: 12 }, '12 tokens'],
  [{ context: 45_000 }, '45k in context'],
  [{ context: 0, contextSize: 1000 }, '100% context left'],
  [{ context: 1, contextSize: 1000 }, '99% context left'],
  [{ context: 999, contextSize: 1000 }, '<1% context left'],
  [{ context: 2000, contextSize: 1000 }, '0% context left'],
  [{ cost: 0.004 }, '<$0.01'],
  [{ input: Number.NaN, context: -1, contextSize: 0, cost: Number.POSITIVE_INFINITY }, ''],
])('%j', (usage, text) => {
  expect(describeUsage(usage).join(' · ')).toBe(text);
});

describe('counts', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [999.6, '1k'],
    [1000, '1k'],
    [1234, '1.2k'],
    [99_949, '99.9k'],
    [99_960, '100k'],
    [999_499, '999k'],
    [999_500, '1M'],
    [1_250_000, '1.3M'],
    [250_000_000, '250M'],
  ])('%d is %s', (count, text) => expect(formatCount(count)).toBe(text));
});
