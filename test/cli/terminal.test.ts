import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { binary, startWorld } from './run-cli.js';

/** What people see: the built command line in a pseudo-terminal of tmux. */

const hasTmux = spawnSync('tmux', ['-V']).status === 0;
if (!hasTmux) console.log('tmux is not there: the tests of the command line at a terminal are skipped');

const execute = promisify(execFile);
const socket = `aimlapi-wan-${process.pid}`;
let count = 0;

/** Starts a command at a terminal of its own. */
async function startAtTerminal(folder: string, url: string, args: string, env = '') {
  count += 1;
  const name = `test-${count}`;
  const tmux = async (...given: string[]) => (await execute('tmux', ['-L', socket, ...given])).stdout;
  const cleared = 'env -u CI -u NO_COLOR';
  const set = `AIMLAPI_API_KEY=key AIMLAPI_BASE_URL=${url} XDG_STATE_HOME=${folder}/state ${env}`;
  const line = `trap : INT; cd ${folder}; ${cleared} ${set} ${process.execPath} ${binary} ${args}; echo "ended with $?"; cat`;
  await tmux('new-session', '-d', '-s', name, '-x', '100', '-y', '30', 'bash', '-c', line);
  onTestFinished(async () => void (await tmux('kill-session', '-t', name)));

  const read = async (...how: string[]) => (await tmux('capture-pane', '-p', ...how, '-t', name)).trimEnd();
  /** What stands there once it holds the words. */
  const readUntil = async (words: string | RegExp, ...how: string[]): Promise<string> => {
    for (;;) {
      const seen = await read(...how);
      if (typeof words === 'string' ? seen.includes(words) : words.test(seen)) return seen;
      if (/ended with \d/.test(seen)) throw new Error(`it ended without ${words}:\n${seen}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { readUntil, type: (keys: string) => tmux('send-keys', '-t', name, keys) };
}

describe.skipIf(!hasTmux)('at a terminal', () => {
  it('shows the price, the id as soon as it is there, one line that goes on, and then the file', async () => {
    const { folder, url } = await startWorld({ videoSeconds: 2 });
    const args = `video 'a dragon' -o out/dragon.mp4 --interval 100ms`;
    const { readUntil } = await startAtTerminal(folder, url, args);
    const waiting = await readUntil(/░ +\d+ %/);
    expect(waiting.split('\n')).toEqual([
      'wan2.2-t2v-plus  $0.10  ($0.02 per second x 5 seconds (resolution 1080p))',
      expect.stringMatching(/^id [\w-]+/),
      expect.stringMatching(/^█*░+ +\d+ % {2}0:0\d, about \d+:\d\d left {2}(queued|generating)$/),
    ]);
    const ended = await readUntil('ended with');
    expect(ended.split('\n').slice(2)).toEqual([
      expect.stringMatching(/^out\/dragon\.mp4 {2}43\.4 kB {2}[\d.]+ s {2}\$0\.10$/),
      'ended with 0',
    ]);
  });

  it('asks above a limit, and makes nothing without a yes', async () => {
    const { api, folder, url } = await startWorld();
    const args = `image 'a fox' --ask-above 0.01 -o fox.png`;
    const no = await startAtTerminal(folder, url, args);
    await no.readUntil('Spend $0.0315? y/N');
    await no.type('n');
    await no.type('Enter');
    expect(await no.readUntil('ended with')).toMatch(/Nothing was made(.|\n)*--yes(.|\n)*ended with 1/);
    expect(api.generations).toBe(0);
    const yes = await startAtTerminal(folder, url, args);
    await yes.readUntil('y/N');
    await yes.type('y');
    await yes.type('Enter');
    expect(await yes.readUntil('ended with')).toMatch(/fox\.png(.|\n)*ended with 0/);
    const unasked = await startAtTerminal(folder, url, `${args} --yes --force`);
    expect(await unasked.readUntil('ended with')).toMatch(/ended with 0/);
    expect(api.generations).toBe(2);
  });

  it.each(['price', 'wait'])(
    'says on Ctrl-C how to go on, and dies by the signal (at the %s)',
    async (when) => {
      const { api, folder, url } = await startWorld({ videoSeconds: 100 });
      const { readUntil, type } = await startAtTerminal(
        folder,
        url,
        `video 'a fox' --ask-above ${when === 'price' ? 0 : 9}`,
      );
      await readUntil(when === 'price' ? 'y/N' : /^id/m);
      await type('C-c');
      const ended = await readUntil('ended with');
      expect(ended).toContain('ended with 130');
      if (when === 'wait') expect(ended).toMatch(/\nStopped waiting\nnext: aimlapi-wan wait [\w-]+/);
      else expect(ended).toContain('\nnext: nothing is open');
      expect(api.generations).toBe(when === 'wait' ? 1 : 0);
    },
  );

  it('shows all mistakes as lines', async () => {
    const { folder, url } = await startWorld();
    const { readUntil } = await startAtTerminal(folder, url, `image 'a fox' --num-images 9 --sed=5`);
    expect((await readUntil('ended with')).split('\n')).toEqual([
      '--sed is not known: did you mean --seed?',
      '--num-images takes a whole number from 1 to 4, not 9',
      'next: see --help; nothing was sent',
      'ended with 2',
    ]);
  });

  it.each(['CI=1', 'TERM=dumb'])('redraws nothing and asks nothing with %s', async (env) => {
    const { folder, url } = await startWorld({ videoSeconds: 0.5 });
    const args = `video 'a fox' -o fox.mp4 --interval 50ms --ask-above 0`;
    const { readUntil } = await startAtTerminal(folder, url, args, env);
    const lines = (await readUntil('ended with')).split('\n');
    expect(lines).toContain('video in the making');
    expect(lines).toContain('generating');
    expect(lines.join('\n')).not.toMatch(/[█░]/);
  });

  it('has colors, and none with NO_COLOR', async () => {
    const { folder, url } = await startWorld();
    const colored = await startAtTerminal(folder, url, `image 'a fox' -o a.png`);
    expect(await colored.readUntil('ended with', '-e')).toContain('\x1b[2m$0.0315');
    const plain = await startAtTerminal(folder, url, `image 'a fox' -o b.png`, 'NO_COLOR=1');
    expect(await plain.readUntil('ended with', '-e')).not.toContain('\x1b[2m');
  });
});
