import { answerQuestion, interruptTurn, submitPrompt } from './advance.ts';
import {
  type Composer,
  emptyComposer,
  insertPaste,
  insertText,
  moveCursor,
  readComposer,
  removeCells,
  removeWord,
} from './composer.ts';
import type { Key, KeyName } from './keys.ts';
import { addEntry, type Change, type DemoState, findQuestion } from './state.ts';

const quitWindowMs = 2000;

/** One key: what it changes and what has to be done for it. Keys before the start is over are lost. */
export function pressKey(state: DemoState, key: Key, now: number): Change {
  if (!state.ready) return keep(state);
  if (key.kind === 'press' && key.name === 'ctrl-c') return pressCtrlC(state, now);
  const calm = { ...state, quitUntil: 0 };
  if (findQuestion(calm) !== undefined) return pressInQuestion(calm, key, now);
  if (key.kind === 'text') return edit(calm, insertText(calm.composer, key.text));
  if (key.kind === 'paste') return edit(calm, insertPaste(calm.composer, key.text));
  return pressInComposer(calm, key.name, now);
}

function pressInComposer(state: DemoState, name: KeyName, now: number): Change {
  const { composer } = state;
  const { cells, cursor } = composer;
  switch (name) {
    case 'enter':
      return submit(state);
    case 'newline':
      return edit(state, insertText(composer, '\n'));
    case 'backspace':
      return cursor === 0 ? keep(state) : edit(state, removeCells(composer, cursor - 1, cursor));
    case 'delete':
      return edit(state, removeCells(composer, cursor, cursor + 1));
    case 'ctrl-u':
      return edit(state, emptyComposer);
    case 'ctrl-w':
      return edit(state, removeWord(composer));
    case 'ctrl-d':
      return cells.length === 0 ? { state, effects: [{ kind: 'exit', code: 0 }] } : keep(state);
    case 'left':
      return edit(state, moveCursor(composer, cursor - 1));
    case 'right':
      return edit(state, moveCursor(composer, cursor + 1));
    case 'home':
      return edit(state, moveCursor(composer, 0));
    case 'end':
      return edit(state, moveCursor(composer, cells.length));
    case 'escape':
      return interruptTurn(state, now);
    default:
      return keep(state);
  }
}

function pressInQuestion(state: DemoState, key: Key, now: number): Change {
  const { turn } = state;
  if (turn === undefined || key.kind === 'paste') return keep(state);
  if (key.kind === 'text') {
    if (/^[1y]/iu.test(key.text)) return answerQuestion(state, true, now);
    if (/^[2n]/iu.test(key.text)) return answerQuestion(state, false, now);
    return keep(state);
  }
  switch (key.name) {
    case 'up':
      return keep({ ...state, turn: { ...turn, choice: 0 } });
    case 'down':
      return keep({ ...state, turn: { ...turn, choice: 1 } });
    case 'enter':
      return answerQuestion(state, turn.choice === 0, now);
    case 'escape':
      return answerQuestion(state, false, now);
    default:
      return keep(state);
  }
}

function pressCtrlC(state: DemoState, now: number): Change {
  if (now < state.quitUntil) return { state, effects: [{ kind: 'exit', code: 0 }] };
  return keep({ ...state, composer: emptyComposer, quitUntil: now + quitWindowMs });
}

function submit(state: DemoState): Change {
  const prompt = readComposer(state.composer);
  if (prompt.trim() === '' || prompt === '!') return keep(state);
  const cleared = { ...state, composer: emptyComposer };
  if (!prompt.startsWith('!')) return submitPrompt(cleared, prompt);
  return keep(addEntry(cleared, 'note', `Shell mode is only pretended, nothing was run: ${prompt.slice(1)}`));
}

function edit(state: DemoState, composer: Composer): Change {
  return keep({ ...state, composer });
}

function keep(state: DemoState): Change {
  return { state, effects: [] };
}
