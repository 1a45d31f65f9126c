import type { WatchedAgent } from '../commands/tmux/watch.ts';
import { type Editor, EMPTY_EDITOR, editText, insertText, openEditor } from './editor.ts';
import type { Effect, Target } from './effects.ts';
import { type BrowseCommand, findCommand } from './keys.ts';
import type { Press } from './read-keys.ts';
import {
  findOffered,
  getSelected,
  keyOf,
  type Mode,
  reduceWatch,
  type WatchAction,
  type WatchState,
} from './watch-state.ts';

/** The view after a key, and what is to be done outside of it. */
export interface Step {
  readonly state: WatchState;
  readonly effect?: Effect | undefined;
}

const BROWSE: Mode = { kind: 'browse' };

/** What one key does. Pure; `now` in ms since the epoch. */
export function pressKey(state: WatchState, press: Press, now: number): Step {
  const name = press.kind === 'char' ? press.char : press.kind === 'key' ? press.name : '';
  if (name === 'ctrl+z') return { state, effect: { kind: 'suspend' } };
  // Escape and a key in one breath: what was typed while the terminal was slow is not lost.
  const writes = state.mode.kind === 'filter' || ('editor' in state.mode && state.mode.editor !== undefined);
  if (/^alt\+.$/u.test(name) && !writes) {
    const first = pressKey(state, { kind: 'key', name: 'escape' }, now);
    return pressKey(first.state, { kind: 'char', char: name.slice('alt+'.length) }, now);
  }
  switch (state.mode.kind) {
    case 'browse':
      return browse(state, findCommand(name), now);
    case 'filter':
      return pressFilter(state, state.mode, press);
    case 'compose':
      return pressCompose(state, state.mode, press);
    case 'answer':
      return pressAnswer(state, state.mode, press);
    case 'confirm':
      if (name === 'y' || name === 'Y') return { state: apply(state, BROWSE), effect: state.mode.effect };
      return name === '' ? { state } : { state: apply(state, BROWSE) };
  }
}

function browse(state: WatchState, command: BrowseCommand | undefined, now: number): Step {
  if (!command) return { state };
  switch (command.kind) {
    case 'move':
    case 'next':
    case 'panel':
    case 'close':
      return { state: reduceWatch(state, command) };
    case 'leave':
      return { state, effect: { kind: 'leave' } };
    case 'filter':
      return { state: apply(state, { kind: 'filter', before: state.filter }) };
    default: {
      const agent = getSelected(state);
      return agent ? act(state, command.kind, agent, now) : { state };
    }
  }
}

function act(
  state: WatchState,
  kind: 'compose' | 'answer' | 'interrupt' | 'restart' | 'attach' | 'stop',
  agent: WatchedAgent,
  now: number,
): Step {
  const to: Target = { session: agent.session, agent: agent.agent };
  switch (kind) {
    case 'attach':
      return { state, effect: { kind, to } };
    case 'interrupt':
      return { state, effect: { kind, to } };
    case 'restart':
      return { state: confirm(state, `restart ${agent.agent}? Its conversation here ends.`, { kind, to }) };
    case 'stop':
      return {
        state: confirm(state, `stop session ${agent.session}, all its agents and containers?`, {
          kind,
          session: agent.session,
        }),
      };
    case 'compose':
      if (agent.state === 'EXITED') return refuse(state, `${agent.agent} has exited: r restarts it`, now);
      if (agent.state === 'WAITING') return refuse(state, `${agent.agent} asks something: a answers it`, now);
      return {
        state: apply(state, { kind, to, editor: openEditor(state.drafts.get(keyOf(agent)) ?? '') }),
      };
    case 'answer': {
      const { question } = agent;
      if (agent.state !== 'WAITING' || !question) return refuse(state, `${agent.agent} asks nothing`, now);
      return {
        state: apply(state, { kind, to, question, selected: findOffered(question), editor: undefined }),
      };
    }
  }
}

function pressFilter(state: WatchState, mode: Mode & { readonly kind: 'filter' }, press: Press): Step {
  const name = press.kind === 'key' ? press.name : '';
  if (name === 'return') return { state: apply(state, BROWSE) };
  if (name === 'escape' || name === 'ctrl+c') {
    return { state: apply(filter(state, name === 'escape' ? '' : mode.before), BROWSE) };
  }
  if (name === 'up' || name === 'down') {
    return { state: reduceWatch(state, { kind: 'move', by: name === 'up' ? -1 : 1 }) };
  }
  const edited = edit(openEditor(state.filter), press);
  return edited ? { state: filter(state, edited.text.replaceAll('\n', ' ')) } : { state };
}

function pressCompose(state: WatchState, mode: Mode & { readonly kind: 'compose' }, press: Press): Step {
  const { editor, to } = mode;
  const name = press.kind === 'key' ? press.name : '';
  const draft = (text: string): WatchState => keepDraft(state, to, text);
  if (name === 'escape' || name === 'ctrl+c') return { state: apply(draft(editor.text), BROWSE) };
  if (name === 'return') {
    if (editor.text.trim() === '') return { state: apply(draft(''), BROWSE) };
    return { state: apply(draft(''), BROWSE), effect: { kind: 'send', to, text: editor.text } };
  }
  const edited = edit(editor, press);
  return edited ? { state: apply(state, { ...mode, editor: edited }) } : { state };
}

/** Keys that move among the options of a question. */
const MOVES: Readonly<Record<string, number>> = {
  ...{ up: -1, k: -1, 'ctrl+p': -1 },
  ...{ down: 1, j: 1, 'ctrl+n': 1 },
};

function pressAnswer(state: WatchState, mode: Mode & { readonly kind: 'answer' }, press: Press): Step {
  const { to, question, editor } = mode;
  const name = press.kind === 'key' ? press.name : press.kind === 'char' ? press.char : '';
  const give = (answer: string): Step => ({
    state: apply(state, BROWSE),
    effect: { kind: 'answer', to, id: question.id, answer },
  });
  if (name === 'escape' || name === 'ctrl+c') {
    return { state: apply(state, editor ? { ...mode, editor: undefined } : BROWSE) };
  }
  if (editor) {
    if (name === 'return') return editor.text.trim() === '' ? { state } : give(editor.text);
    const edited = edit(editor, press);
    return edited ? { state: apply(state, { ...mode, editor: edited }) } : { state };
  }
  const { options = [] } = question;
  const by = MOVES[name];
  if (by !== undefined && options.length > 0) {
    const selected = Math.min(Math.max(mode.selected + by, 0), options.length - 1);
    return { state: apply(state, { ...mode, selected }) };
  }
  const chosen = options[mode.selected];
  if (name === 'return') return chosen ? give(chosen.key) : { state };
  if (name === 'y') return give('yes');
  if (name === 'n') return give('no');
  if (name === 'a') return give('always');
  if (name === 't') return { state: apply(state, { ...mode, editor: EMPTY_EDITOR }) };
  return /^[1-9]$/.test(name) ? give(name) : { state };
}

/** What a key or a paste does to a text; Ctrl+J and Alt+Enter break the line. */
function edit(editor: Editor, press: Press): Editor | undefined {
  switch (press.kind) {
    case 'char':
      return insertText(editor, press.char);
    case 'paste':
      return insertText(editor, press.text);
    case 'key':
      if (['ctrl+j', 'alt+return', 'alt+enter', 'shift+return'].includes(press.name))
        return insertText(editor, '\n');
      return press.name === 'tab' ? insertText(editor, '\t') : editText(editor, press.name);
  }
}

function apply(state: WatchState, mode: Mode): WatchState {
  return reduceWatch(state, { kind: 'mode', mode });
}

function filter(state: WatchState, text: string): WatchState {
  return reduceWatch(state, { kind: 'filter', text });
}

function confirm(state: WatchState, asks: string, effect: Effect): WatchState {
  return apply(state, { kind: 'confirm', asks, effect });
}

function refuse(state: WatchState, text: string, at: number): Step {
  const action: WatchAction = { kind: 'notice', notice: { text, bad: true, at } };
  return { state: reduceWatch(state, action) };
}

function keepDraft(state: WatchState, { session, agent }: Target, text: string): WatchState {
  const found = state.snapshot.agents.find((entry) => entry.session === session && entry.agent === agent);
  return found ? reduceWatch(state, { kind: 'draft', agent: keyOf(found), text }) : state;
}
