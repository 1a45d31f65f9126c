#!/usr/bin/env sh
':' //; exec node -- "$0" "$@"
// For the shell the line above, for Node the rest: without "--" Node 20 takes an --env-file of ours as its own.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
  console.error(
    `error: adr-tmux needs Node 20.12 or newer, this is ${process.versions.node}\n  install a newer Node: https://nodejs.org`,
  );
  process.exitCode = 4;
} else {
  import('../dist/adr-tmux.js').catch((error) => {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !error.message.includes('dist/adr-tmux.js')) throw error;
    console.error('error: adr-tmux is not built yet\n  npm ci && npm run build');
    process.exitCode = 4;
  });
}
