import type { TreeWork } from '../../trees/inspect.ts';

/** What is in a tree, in words: `2 commits not merged, 3 uncommitted files`. */
export function describeWork({ uncommitted, unmerged, others }: TreeWork): string {
  const parts = [
    ...(unmerged > 0 ? [`${count(unmerged, 'commit')} not merged`] : []),
    ...(uncommitted.length > 0 ? [`${count(uncommitted.length, 'uncommitted file')}`] : []),
    ...others.map(({ name, commits }) => `${count(commits, 'commit')} on ${name}`),
  ];
  return parts.length === 0 ? 'nothing that is not merged' : parts.join(', ');
}

/** `1 commit`, `2 commits`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
