import type { ReadyRun } from '../../commands/adr/run.ts';
import { buildCreateCall, DETACH_KEYS } from '../../container/create-argv.ts';
import { buildContainerName } from '../../container/labels.ts';
import { findFillerName } from '../../container/read-only-home.ts';
import type { ContainerPlan } from '../../container/run-container.ts';
import type { HostPlan } from '../../container/run-on-host.ts';

const LONGEST_WORD = 200;

/** What a run would do, for people; values of variables and contents of files are left out. */
export function formatPlan({ plan, engine, prepared }: ReadyRun): string {
  const lines = plan.kind === 'host' ? formatHost(plan) : formatContainer(plan, engine?.program ?? 'docker');
  const limit = plan.timeoutMs === undefined ? [] : [`time limit: ${plan.timeoutMs / 1000} s`];
  const prompt =
    plan.launch.stdin === undefined ? [] : [`stdin: the prompt, ${plan.launch.stdin.length} characters`];
  const assets = plan.launch.assets.map(({ path }) => `adr's own file: ${path}`);
  const kept = new Set(plan.launch.config.map(({ path }) => path));
  const config = [
    ...prepared.config
      .filter(({ path }) => !kept.has(path))
      .map(({ path, content }) => `your file: ~/${path} (${content.length} bytes)`),
    ...plan.launch.config.map(({ path }) => `your file, changed in the container: ~/${path}`),
  ];
  return [...lines, ...prompt, ...limit, ...assets, ...config, ''].join('\n');
}

function formatContainer(plan: ContainerPlan, program: string): readonly string[] {
  const { args, env, input } = buildCreateCall(plan.spec);
  const steering = input === undefined ? [] : input.split('\n').filter((line) => line !== '');
  const names = [
    ...plan.secrets.map(({ name }) => name),
    ...Object.keys(env),
    ...steering.map((line) => line.slice(0, line.indexOf('='))),
  ];
  const { identity, homeVolume } = plan.spec;
  const create = `${program} ${args.map(quoteWord).join(' ')}`;
  const filled =
    homeVolume === undefined
      ? [create, `${program} cp - ${buildContainerName(identity)}:/`]
      : [
          `${program} volume create ${homeVolume}`,
          `${program} cp - ${findFillerName(identity)}:/ (a container that never starts, with the volume at HOME)`,
          create,
        ];
  return [
    ...filled,
    `${program} start --attach${plan.spec.stdin ? ' --interactive' : ''} --detach-keys ${DETACH_KEYS} ${buildContainerName(plan.spec.identity)}`,
    ...names.map((name) => `variable: ${name}=***`),
  ];
}

function formatHost(plan: HostPlan): readonly string[] {
  return [
    [...plan.program, ...plan.launch.argv.slice(1)].map(quoteWord).join(' '),
    `in ${plan.identity.workspace}, with your own environment, nothing around it`,
    ...Object.keys(plan.launch.env).map((name) => `variable: ${name}=***`),
  ];
}

function quoteWord(word: string): string {
  const short = word.length > LONGEST_WORD ? `${word.slice(0, LONGEST_WORD)}...` : word;
  return /^[\w@%+=:,./-]+$/.test(short) ? short : `'${short.replaceAll("'", "'\\''")}'`;
}
