// What each provider's API answers, as far as its SDK asks.

/** Stands for the host of replicate's files: its client makes files of https links only. */
export const secureFileUrl = 'https://files.invalid/file.mp4';

const file = { name: 'file', method: 'GET', path: /^\/file\.mp4$/ };

const falStatus = ({ id, word, url }) => {
  const at = `${url}/fal-ai/wan/requests/${id}`;
  return {
    status: word,
    request_id: id,
    response_url: at,
    status_url: `${at}/status`,
    cancel_url: `${at}/cancel`,
    ...(word === 'IN_QUEUE' && { queue_position: 0 }),
  };
};

const prediction = ({ id, word, url }) => ({
  id,
  model: 'wan-video/wan-2.2-t2v-fast',
  version: 'hidden',
  input: { prompt: 'a lighthouse' },
  logs: '',
  output: word === 'succeeded' ? secureFileUrl : null,
  error: null,
  status: word,
  created_at: new Date().toISOString(),
  urls: { get: `${url}/v1/predictions/${id}`, cancel: `${url}/v1/predictions/${id}/cancel` },
});

/** Routes in the order of looking; `words` are those for a job's state. */
export const protocols = {
  // polled and downloaded by the SDK's own helpers; its creates go to the embedded API
  openai: {
    words: { running: 'in_progress', unknown: 'dreaming', done: 'completed' },
    routes: [
      {
        name: 'poll',
        method: 'GET',
        path: /^\/v1\/vector_stores\/[^/]+\/files\/(?<id>[^/]+)$/,
        body: ({ id, word }) => ({ id, object: 'vector_store.file', status: word, last_error: null }),
      },
      { ...file, path: /^\/v1\/videos\/[^/]+\/content$/ },
    ],
  },
  runway: {
    words: { running: 'RUNNING', unknown: 'DREAMING', done: 'SUCCEEDED' },
    routes: [
      { name: 'create', method: 'POST', path: /^\/v1\/text_to_video$/, body: ({ id }) => ({ id }) },
      {
        name: 'poll',
        method: 'GET',
        path: /^\/v1\/tasks\/(?<id>[^/]+)$/,
        body: ({ id, word, done, url }) => ({
          id,
          status: word,
          createdAt: new Date().toISOString(),
          ...(done ? { output: [`${url}/file.mp4`] } : { progress: 0.5 }),
        }),
      },
    ],
  },
  fal: {
    words: { running: 'IN_PROGRESS', unknown: 'DREAMING', done: 'COMPLETED' },
    routes: [
      {
        name: 'create',
        method: 'POST',
        path: /^\/fal-ai\/wan\/v2\.2-a14b\/text-to-video$/,
        body: (job) => falStatus({ ...job, word: 'IN_QUEUE' }),
      },
      {
        name: 'poll',
        method: 'GET',
        path: /^\/fal-ai\/wan\/requests\/(?<id>[^/]+)\/status$/,
        body: falStatus,
      },
      {
        name: 'result',
        method: 'GET',
        path: /^\/fal-ai\/wan\/requests\/(?<id>[^/]+)$/,
        body: ({ url }) => ({ video: { url: `${url}/file.mp4` }, seed: 1 }),
      },
      {
        name: 'cancel',
        method: 'PUT',
        path: /^\/fal-ai\/wan\/requests\/(?<id>[^/]+)\/cancel$/,
        body: () => ({ status: 'CANCELLATION_REQUESTED' }),
      },
    ],
  },
  replicate: {
    words: { running: 'processing', unknown: 'dreaming', done: 'succeeded' },
    routes: [
      {
        name: 'create',
        method: 'POST',
        path: /^\/v1\/models\/wan-video\/wan-2\.2-t2v-fast\/predictions$/,
        status: 201,
        body: (job) => prediction({ ...job, word: 'starting' }),
      },
      { name: 'poll', method: 'GET', path: /^\/v1\/predictions\/(?<id>[^/]+)$/, body: prediction },
      {
        name: 'cancel',
        method: 'POST',
        path: /^\/v1\/predictions\/(?<id>[^/]+)\/cancel$/,
        body: (job) => prediction({ ...job, word: 'canceled' }),
      },
      file,
    ],
  },
};
