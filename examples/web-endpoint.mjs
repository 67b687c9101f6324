// Serves a page that starts a video and polls until it is there. Costs 1 video for each click.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createWan, WanError } from 'aimlapi-wan';
import { checkInput } from 'aimlapi-wan/models';

// all visitors together cannot spend more until the next start
const wan = createWan({ maxUsd: 5 });
/** Jobs by an id of ours, so that nobody can ask for a job of somebody else. A real app keeps them in its database. */
const jobs = new Map();

const page = `<!doctype html><title>A video</title><meta name="viewport" content="width=device-width">
<form><input name="prompt" placeholder="a fox in the snow" required> <button>Make</button></form><p></p>
<script type="module">
  const [form] = document.forms;
  const say = (text) => { document.querySelector('p').textContent = text; };
  form.onsubmit = async (event) => {
    event.preventDefault();
    const body = JSON.stringify({ prompt: form.prompt.value });
    const started = await fetch('/videos', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    let video = await started.json();
    while (video.state === 'running') {
      say(video.status);
      await new Promise((done) => setTimeout(done, 2_000));
      video = await fetch('/videos/' + video.id).then((answer) => answer.json());
    }
    if (!video.url) return say(video.error);
    say('');
    document.querySelector('p').append(Object.assign(document.createElement('video'), { src: video.url, controls: true }));
  };
</script>`;

async function startVideo(text) {
  const { prompt } = JSON.parse(text);
  const { value, issues } = checkInput({ model: 'wan2.2-t2v-plus', prompt, resolution: '480P' });
  if (issues) return [400, { error: issues.map(({ path, message }) => `${path} ${message}`).join('; ') }];
  const id = randomUUID();
  jobs.set(id, await wan.generateVideo(value));
  return [202, toAnswer(id)];
}

async function askForVideo(id) {
  if (!jobs.has(id)) return [404, { error: 'there is no such video' }];
  const job = jobs.get(id);
  if (job.state === 'running') jobs.set(id, await wan.getVideo(job));
  return [200, toAnswer(id)];
}

/** What the page needs, and no more: a job also holds what is not for everybody. */
function toAnswer(id) {
  const { state, status, video, error } = jobs.get(id);
  return { id, state, status, url: video?.url, error: error?.message };
}

async function answer(request) {
  const [, folder, id] = request.url.split('/');
  if (request.method === 'GET' && request.url === '/') return [200, page];
  if (request.method === 'GET' && folder === 'videos' && id) return askForVideo(id);
  if (request.method !== 'POST' || request.url !== '/videos') return [404, { error: 'not found' }];
  // a form of a foreign page cannot send this type, so it cannot spend your money
  if (request.headers['content-type'] !== 'application/json') return [415, { error: 'send JSON' }];
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > 10_000) return [413, { error: 'too long' }];
  }
  return startVideo(text);
}

const server = createServer(async (request, response) => {
  const [status, body] = await answer(request).catch((error) => {
    console.error(error);
    if (error instanceof SyntaxError) return [400, { error: 'that is no JSON' }];
    return [
      502,
      { error: error instanceof WanError ? 'the video service has a problem' : 'that is our mistake' },
    ];
  });
  const isPage = typeof body === 'string';
  response.writeHead(status, { 'content-type': isPage ? 'text/html; charset=utf-8' : 'application/json' });
  response.end(isPage ? body : JSON.stringify(body));
});
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
