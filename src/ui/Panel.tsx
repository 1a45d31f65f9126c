import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { HistoryEntry } from '../activity/history.ts';
import type { WatchedAgent } from '../commands/tmux/watch.ts';
import { cleanLine } from '../output/clean-line.ts';
import { describeDetail } from '../output/describe-detail.ts';
import { describeFacts } from '../output/format-status.ts';
import { AnswerView, listAnswerLines } from './AnswerView.tsx';
import { Divider } from './Divider.tsx';
import { countEditorLines, EditorView } from './EditorView.tsx';
import { Events } from './Events.tsx';
import { formatAge } from './format-age.ts';
import { Help } from './Help.tsx';
import { Line } from './Line.tsx';
import { Preview } from './Preview.tsx';
import { LOOKS } from './palette.ts';
import { findSelected, getSelected, listVisible, type WatchState } from './watch-state.ts';

export interface PanelProps {
  readonly state: WatchState;
  readonly now: number;
  readonly width: number;
  /** Lines below the divider. */
  readonly height: number;
}

/** Lines of a panel that leave room for the last prompt above the screen. */
const ROOMY = 8;

/** What stands below the list: the selected agent's screen, its events or the help; what is being written below. */
export function Panel({ state, now, width, height }: PanelProps): ReactNode {
  const agent = getSelected(state);
  const editor = 'editor' in state.mode ? state.mode.editor : undefined;
  const writing = countWriting(state, width, height);
  const rest = writing > 0 ? height - writing - 1 : height;
  return (
    <>
      <Divider title={describeTitle(state, agent, now)} right={describePlace(state)} width={width} />
      {rest > 0 ? <Content state={state} agent={agent} now={now} width={width} height={rest} /> : null}
      {writing > 0 ? <Divider title={describeWriting(state)} right="" width={width} /> : null}
      {editor ? <EditorView editor={editor} width={width} height={writing} /> : null}
      {state.mode.kind === 'answer' && !editor ? (
        <AnswerView
          question={state.mode.question}
          selected={state.mode.selected}
          width={width}
          height={writing}
        />
      ) : null}
    </>
  );
}

/** Lines for what is being written or chosen: as many as it needs, a text half of the panel at most. */
function countWriting({ mode }: WatchState, width: number, height: number): number {
  if (mode.kind !== 'compose' && mode.kind !== 'answer') return 0;
  if (mode.editor) return Math.min(countEditorLines(mode.editor, width), Math.max(1, Math.floor(height / 2)));
  if (mode.kind !== 'answer') return 0;
  return Math.max(1, Math.min(listAnswerLines(mode.question, mode.selected).length, height - 1));
}

interface ContentProps extends PanelProps {
  readonly agent: WatchedAgent | undefined;
}

function Content({ state, agent, now, width, height }: ContentProps): ReactNode {
  if (state.panel === 'help' && state.mode.kind === 'browse') return <Help width={width} height={height} />;
  const entries = agent ? listEntries(state, agent) : [];
  if (state.panel === 'events') return <Events entries={entries} width={width} height={height} />;
  const prompt = entries.findLast(({ kind }) => kind === 'prompt');
  const screen = agent?.styled ?? agent?.screen ?? '';
  const facts = agent && height >= ROOMY ? describeFacts(agent).join(' · ') : '';
  const asked = height >= ROOMY && prompt?.kind === 'prompt' && prompt.text ? prompt.text : '';
  const lines = [
    ...(facts === '' ? [] : [facts]),
    ...(asked === ''
      ? []
      : [`last prompt, ${formatAge(now - (prompt?.at ?? now))} ago: ${cleanLine(asked)}`]),
  ];
  return (
    <Box flexDirection="column" height={height}>
      {lines.map((line) => (
        <Line key={line} text={line} width={width} dim />
      ))}
      <Preview screen={screen} width={width} height={height - lines.length} />
    </Box>
  );
}

function listEntries({ snapshot }: WatchState, agent: WatchedAgent): readonly HistoryEntry[] {
  const history = snapshot.sessions.find(({ name }) => name === agent.session)?.history ?? [];
  return history.filter((entry) => entry.kind === 'session' || entry.agent === agent.agent);
}

function describeTitle({ panel, mode }: WatchState, agent: WatchedAgent | undefined, now: number): string {
  if (panel === 'help' && mode.kind === 'browse') return 'keys';
  if (!agent) return '';
  const name = `${LOOKS[agent.state].symbol} ${cleanLine(agent.agent)}`;
  const parts = [name, cleanLine(agent.type), agent.state, describeDetail(agent, now)];
  return [...(panel === 'events' ? ['events'] : []), ...parts].filter((text) => text !== '').join(' · ');
}

function describePlace(state: WatchState): string {
  const count = listVisible(state).length;
  return state.panel !== 'help' && count > 1 ? `${findSelected(state) + 1}/${count}` : '';
}

function describeWriting({ mode }: WatchState): string {
  if (mode.kind === 'compose') return `prompt to ${mode.to.agent}`;
  return mode.kind === 'answer' ? `answer to ${mode.to.agent}: ${cleanLine(mode.question.what)}` : '';
}
