import { execa } from 'execa';

/**
 * Makes sure that a container engine answers. `test/run` starts one where it can; a tier that is
 * run alone needs one that is there already.
 */
export async function ensureEngine(): Promise<void> {
  const { exitCode, stderr } = await execa('docker', ['info', '--format', '{{.ServerVersion}}'], {
    reject: false,
  });
  if (exitCode === 0) return;
  throw new Error(
    `no container engine answers (${stderr.trim() || 'docker is missing'}); ./test/run starts one as root`,
  );
}
