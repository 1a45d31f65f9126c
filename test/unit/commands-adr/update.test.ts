import { describe, expect, test } from 'vitest';
import { KNOWN_AGENT_TYPES } from '../../../src/agents/registry.ts';
import { checkCount } from '../../../src/cli/adr/build.ts';
import { chooseBuildTargets } from '../../../src/commands/adr/build.ts';
import { type ImageStatus, listImages } from '../../../src/commands/adr/images.ts';
import { planUpdate } from '../../../src/commands/adr/update.ts';
import { isLocalImage, listDanglingImages, removeUnnamedImages } from '../../../src/container/images.ts';
import { scriptEngine } from '../support/script-engine.ts';

function show(agent: string, ...tags: readonly string[]): readonly ImageStatus[] {
  const image = `coding-agent/${agent}`;
  if (tags.length === 0) return [{ agent, image, built: undefined }];
  return tags.map((tag) => ({
    agent,
    image,
    built: { tag, id: 'i', size: '1GB', since: '2 days ago', createdAt: '' },
  }));
}

const images = [...show('pi', 'latest', 'old'), ...show('opencode'), ...show('claude', 'latest', '<none>')];

function plan(names: readonly string[], tag?: string): unknown {
  const wish = { targets: chooseBuildTargets(names), named: names.length > 0, tag, fallbackTag: 'latest' };
  const { tags, skipped } = planUpdate(images, wish);
  const shown = tags.map(({ tag: name, targets }) => [
    name,
    ...targets.map(({ type, version }) => [type.name, version].filter(Boolean).join('@')),
  ]);
  return { tags: shown, skipped };
}

describe('an update builds', () => {
  test('what is there, in all its tags, and says what is not', () => {
    expect(plan([])).toEqual({
      tags: [
        ['latest', 'pi', 'claude'],
        ['old', 'pi'],
      ],
      skipped: ['opencode', 'codex'],
    });
  });

  test('one tag', () => {
    expect(plan([], 'old')).toEqual({ tags: [['old', 'pi']], skipped: ['opencode', 'claude', 'codex'] });
  });

  test('what was named, there or not', () => {
    expect(plan(['codex@latest', 'pi'])).toEqual({
      tags: [
        ['latest', 'codex@latest', 'pi'],
        ['old', 'pi'],
      ],
      skipped: [],
    });
  });

  test('a wrong name or version is refused', () => {
    expect(() => plan(['gpt'])).toThrow('unknown agent type "gpt"');
    expect(() => plan(['demo'])).toThrow('"demo" runs on the host only');
    expect(() => plan(['pi@'])).toThrow('"" is not a version');
    expect(() => plan(['pi@1;rm'])).toThrow('"1;rm" is not a version');
    expect(() => plan(['pi@1', 'pi'])).toThrow('"pi" is named with two versions');
  });
});

test('builds end with 0, 4 when nothing went well, 7 when something did not', () => {
  const end = (succeeded: number, failed: number) => {
    try {
      checkCount({ succeeded, failed }, 'built');
      return 0;
    } catch (error) {
      return (error as { readonly exitCode: number }).exitCode;
    }
  };
  expect([end(2, 0), end(0, 2), end(1, 1), end(0, 0)]).toEqual([0, 4, 7, 0]);
});

describe('images on an engine', () => {
  const missing = { exitCode: 1, stderr: 'Error: No such image: x' };

  test('one without a registry digest was made here; a missing one was not', async () => {
    const { engine } = scriptEngine((args) => ({ mine: '0\n', pulled: '1\n' })[args.at(-1) ?? ''] ?? missing);
    expect(await Promise.all(['mine', 'pulled', 'x'].map((name) => isLocalImage(engine, name)))).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('dangling ones are ours by label', async () => {
    const { engine, calls } = scriptEngine(() => 'sha256:a\nsha256:b\nsha256:a\n');
    expect(await listDanglingImages(engine)).toEqual(['sha256:a', 'sha256:b']);
    expect(calls).toEqual([
      'image ls --no-trunc --quiet --filter dangling=true --filter label=adr.image.agent',
    ]);
  });

  test('only nameless ones go, parents after their children, those in use stay', async () => {
    const there = new Set(['parent', 'child', 'named', 'used']);
    const { engine } = scriptEngine((args) => {
      const id = args.at(-1) ?? '';
      if (!there.has(id)) return missing;
      if (args.includes('inspect')) return id === 'named' ? '1' : '0';
      if (id === 'used' || (id === 'parent' && there.has('child'))) {
        return { exitCode: 1, stderr: 'conflict: unable to delete' };
      }
      there.delete(id);
      return '';
    });
    expect(await removeUnnamedImages(engine, ['parent', 'child', 'named', 'used', 'gone'])).toEqual([
      'child',
      'parent',
    ]);
  });

  test('are listed by type, with those that are not built', async () => {
    const { engine } = scriptEngine(
      () =>
        '["localhost/coding-agent/pi","latest","sha256:a","1GB","2 days ago","2026"]\n["x/y","z","","","",""]',
    );
    const listed = await listImages(engine, KNOWN_AGENT_TYPES);
    expect(listed.map(({ agent, built }) => [agent, built?.tag])).toEqual([
      ['pi', 'latest'],
      ['opencode', undefined],
      ['claude', undefined],
      ['codex', undefined],
    ]);
  });
});
