import type { TreeDiff } from '../commands/tmux/diff.ts';
import type { DiscardResult } from '../commands/tmux/discard.ts';
import type { EndedTree } from '../commands/tmux/end-trees.ts';
import type { MergeResult } from '../commands/tmux/merge.ts';
import { abbreviateHome, type Environment } from '../system/paths.ts';
import type { TreeRecord } from '../trees/record.ts';
import { cleanLine } from './clean-line.ts';
import { stripControls } from './strip-controls.ts';

/** `1 commit`, `2 commits`. */
function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** What became of the trees of agents that have ended, and how the kept ones are brought home. */
export function formatEndedTrees(trees: readonly EndedTree[], env: Environment): readonly string[] {
  const empty = trees.filter(({ kept, ignored }) => !kept && ignored === 0);
  const names = empty.map(({ agent }) => agent).join(', ');
  const told =
    empty.length > 1 ? [`removed the trees of ${names}: nothing was in them that is not merged`] : [];
  const rest = empty.length > 1 ? trees.filter((tree) => !empty.includes(tree)) : trees;
  const lines = rest.flatMap(({ session, agent, path, kept, work, ignored }) => {
    if (!kept) {
      const more =
        ignored === 0 ? '' : ` (nor was what git ignores: ${count(ignored, 'entry').replace(/ys$/, 'ies')})`;
      return [`removed the tree of ${agent}: nothing was in it that is not merged${more}`];
    }
    const target = `${session} --agent ${agent}`;
    return [
      `kept the tree of ${agent}: ${cleanLine(work ?? '')}; it is in ${abbreviateHome(path, env)}`,
      `  see it:      adr-tmux diff ${target}`,
      `  bring home:  adr-tmux merge ${target}`,
      `  drop it:     adr-tmux discard ${target}`,
    ];
  });
  return [...lines, ...told];
}

/** The head of what an agent's tree holds: one line, and one a commit. */
export function formatDiffHead({ work, commits, files }: TreeDiff): readonly string[] {
  const { record, branch, uncommitted, others } = work;
  const on = branch === record.branch ? branch : `${record.branch}, but on ${branch ?? 'no branch'}`;
  const parts = [
    count(commits.length, 'commit'),
    ...(uncommitted.length > 0 ? [count(uncommitted.length, 'uncommitted file')] : []),
    `${count(files.length, 'file')} changed`,
  ];
  return [
    cleanLine(`${record.agent} (${on}): ${parts.join(', ')} since ${record.base.slice(0, 8)}`),
    ...commits.map(({ id, subject }) => `  ${cleanLine(`${id.slice(0, 8)} ${subject}`)}`),
    ...others.map(
      (other) => `  ${cleanLine(`not in it: ${count(other.commits, 'commit')} on ${other.name}`)}`,
    ),
  ];
}

const COLORS: readonly (readonly [RegExp, string])[] = [
  [/^(diff |index |--- |\+\+\+ |new file|deleted file|old mode|new mode|similarity|rename |Binary )/, '1'],
  [/^@@/, '36'],
  [/^\+/, '32'],
  [/^-/, '31'],
];

/**
 * A difference for a terminal: what an agent wrote cannot move the cursor or hide; controls show as `\x1b`. Colours are
 * ours.
 */
export function formatDiffForTerminal(text: string, color: boolean): string {
  return text
    .split('\n')
    .map((line) => {
      const shown = escapeControls(line);
      const code = color ? COLORS.find(([pattern]) => pattern.test(shown))?.[1] : undefined;
      return code === undefined ? shown : `\x1b[${code}m${shown}\x1b[0m`;
    })
    .join('\n');
}

/** Characters that a terminal obeys or that reorder text, written out. */
function escapeControls(line: string): string {
  const shown = line.replace(
    /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu,
    (c) => {
      const code = c.codePointAt(0) ?? 0;
      return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
    },
  );
  return stripControls(shown);
}

/** The trees as one JSON document, version 1. */
export function formatDiffJson(session: string, diffs: readonly TreeDiff[]): string {
  const trees = diffs.map(({ work, commits, files }) => {
    const { record, head, uncommitted, unmerged, others, ignored } = work;
    const { agent, repository, path, branch, base, kind, sessionId } = record;
    return {
      ...{ agent, session: record.session, sessionId, kind, repository, path, branch, base, head },
      ...{ checkedOut: work.branch ?? null, merged: unmerged === 0 && uncommitted.length === 0 },
      ...{ unmerged, commits, files, uncommitted, others, ignored },
    };
  });
  return `${JSON.stringify({ v: 1, session, trees }, null, 2)}\n`;
}

/** What a merge came to, and what to do next. */
export function formatMerged(merged: MergeResult, env: Environment): readonly string[] {
  const { session, agent, branch, into, repository, result, commits, files, left, others } = merged;
  const where = `${into} of ${abbreviateHome(repository, env)}`;
  const forms = { 'fast-forward': 'fast-forward', merge: 'merge commit', squash: 'one commit', nothing: '' };
  return [
    result === 'nothing'
      ? `nothing to merge: ${where} has all commits of ${branch}`
      : `merged ${branch} into ${where} (${forms[result]}): ${count(commits, 'commit')}, ${count(files, 'file')}`,
    ...(left === 0 ? [] : [`not merged: ${count(left, 'uncommitted file')} of ${agent}`]),
    ...others.map((other) =>
      cleanLine(
        `not merged: ${count(other.commits, 'commit')} on ${other.name}: adr-tmux merge ${session} --agent ${agent} --branch ${other.name}`,
      ),
    ),
    ...(left + others.length > 0 ? [] : [`drop the tree: adr-tmux discard ${session} --agent ${agent}`]),
  ];
}

/** Trees that are left of agents that have ended, a line each; nothing where there are none. */
export function formatKeptTrees(trees: readonly TreeRecord[]): string {
  if (trees.length === 0) return '';
  const lines = trees.map(
    ({ session, agent }) => `  ${session} ${agent}: adr-tmux diff ${session} --agent ${agent}`,
  );
  return `kept trees of agents that have ended:\n${lines.join('\n')}\n`;
}

/** What was discarded. */
export function formatDiscarded({ discarded }: DiscardResult): readonly string[] {
  return discarded.map(({ agent, branch }) => `discarded the tree of ${agent} and its branch ${branch}`);
}
