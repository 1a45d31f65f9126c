import type { AgentStatus } from '../commands/tmux/status.ts';

type Usage = AgentStatus['usage'];

/**
 * What an agent says it has used, each part short: `12.3k tokens`, `41% context left` (`45k in context` where the agent
 * does not tell how much there is), `$0.12`. Tokens are those that went through the model anew, in and out: what a cache
 * gave back would count the same text with every request. Empty where the agent tells nothing.
 */
export function describeUsage(usage: Usage): readonly string[] {
  const { tokens, context, left, cost } = measureUsage(usage);
  return [
    ...(tokens === '' ? [] : [`${tokens} tokens`]),
    ...(left === '' ? [] : [`${left} context left`]),
    ...(context === '' ? [] : [`${context} in context`]),
    ...(cost === '' ? [] : [cost]),
  ];
}

/** The same for a column: `12.3k tokens · 41% left · $0.12`. */
export function describeUsageBriefly(usage: Usage): string {
  const { tokens, context, left, cost } = measureUsage(usage);
  const room = left !== '' ? `${left} left` : context !== '' ? `${context} in context` : '';
  return [tokens === '' ? '' : `${tokens} tokens`, room, cost].filter((part) => part !== '').join(' · ');
}

interface UsageWords {
  readonly tokens: string;
  /** Empty where `left` says it. */
  readonly context: string;
  readonly left: string;
  readonly cost: string;
}

function measureUsage({
  input,
  output,
  cacheWrite,
  context,
  contextSize,
  cost,
}: NonNullable<Usage> = {}): UsageWords {
  const tokens = [input, output, cacheWrite].filter(isCount).reduce((sum, count) => sum + count, 0);
  const sized = isCount(context) && isCount(contextSize) && contextSize > 0;
  return {
    tokens: tokens > 0 ? formatCount(tokens) : '',
    left: sized ? formatLeft(1 - context / contextSize) : '',
    context: !sized && isCount(context) && context > 0 ? formatCount(context) : '',
    cost: isCount(cost) && cost > 0 ? formatCost(cost) : '',
  };
}

/** Neither a full nor an empty context is claimed before it is. */
function formatLeft(part: number): string {
  const percent = Math.max(0, part) * 100;
  if (percent > 0 && percent < 1) return '<1%';
  return `${percent < 100 ? Math.min(99, Math.round(percent)) : 100}%`;
}

/** A count in four characters or five: `950`, `12.3k`, `450k`, `1.2M`. */
export function formatCount(count: number): string {
  if (count < 999.5) return `${Math.round(count)}`;
  const [value, unit] = count < 999_500 ? [count / 1000, 'k'] : [count / 1_000_000, 'M'];
  return `${value < 99.95 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)}${unit}`;
}

/** US dollars: `$0.12`, what is less than a cent `<$0.01`. */
function formatCost(dollars: number): string {
  return dollars < 0.01 ? '<$0.01' : `$${dollars.toFixed(2)}`;
}

/** What agents say is a claim: a number that is none says nothing. */
function isCount(value: number | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
