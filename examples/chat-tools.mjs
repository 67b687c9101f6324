import { createHash } from 'node:crypto';
import { jsonSchema, tool } from 'ai';
import { mayHaveBeenPaid } from 'aimlapi-wan';
import { checkInput, jsonSchemaOf, schemaOf } from 'aimlapi-wan/models';

const [imageModel, videoModel] = ['wan2.5-t2i-preview', 'wan2.2-t2v-plus'];

/** JSON Schema of what the language model may choose. The model is our choice, and so its price. */
function parametersOf(name) {
  const { $schema, title, description, properties, ...rest } = jsonSchemaOf(name);
  const { model, ...fields } = properties;
  return { ...rest, properties: fields };
}

/** The tools of one chat. `wan` serves all chats: its `maxUsd` stops a language model that calls again and again. */
export function createTools(wan, chat) {
  // a real app keeps both in its database: after a restart these maps are empty
  const [paid, jobs] = [new Map(), new Map()];

  /** A tool call that comes twice gets what the first one made, or its error: it is paid for once. */
  function payOnce({ clientRequestId }, create) {
    const made = paid.get(clientRequestId) ?? create();
    paid.set(clientRequestId, made);
    made.catch((error) => mayHaveBeenPaid(error) || paid.delete(clientRequestId));
    return made;
  }

  const actions = {
    make_picture: {
      description: 'Makes pictures from a text, and gives the names of their files. Each call costs money.',
      model: imageModel,
      async run(input, call) {
        const { images, usage } = await payOnce(call, () => wan.generateImage(input, call));
        const nameOf = (index) => `out/${call.clientRequestId}-${index}.png`;
        // it is paid for: where it cannot be saved, its link is left
        const save = (image, index) => wan.save(image, nameOf(index)).catch(() => ({ path: image.url }));
        const files = await Promise.all(images.map(save));
        return { files: files.map(({ path }) => path), costUsd: usage?.usdSpent };
      },
    },
    start_video: {
      description:
        'Starts a video from a text, and gives its id at once. It takes minutes. Each call costs money.',
      model: videoModel,
      async run(input, call) {
        const job = await payOnce(call, () => wan.generateVideo(input, call));
        if (!jobs.has(job.id)) jobs.set(job.id, job);
        return { id: job.id, state: 'running' };
      },
    },
    check_video: {
      description:
        'Tells whether a video is done, and its file. Free. Of a running video tell the user, and ask later.',
      parameters: {
        type: 'object',
        properties: { id: { type: 'string', description: 'The id that start_video gave' } },
        required: ['id'],
        additionalProperties: false,
      },
      async run({ id }, { signal }) {
        // only jobs of this chat: the id comes from a language model
        if (!jobs.has(id)) return { error: 'There is no video of this id.' };
        const { job, video, nextMs } = await wan.checkVideo(jobs.get(id), { signal });
        jobs.set(id, job);
        if (job.state === 'failed') return { state: 'failed', error: job.error?.message };
        if (!video) return { state: 'running', askAgainInSeconds: Math.ceil(nextMs / 1_000) };
        const { path } = await wan.save(video, `out/${job.clientRequestId}.mp4`, { signal });
        return { state: 'done', file: path, costUsd: video.usage?.usdSpent };
      },
    },
  };

  /** Carries out one call. It throws only after an abort. Any other failure is an answer, for the language model to read. */
  async function answer(name, input, toolCallId, signal) {
    const { model, run } = actions[name];
    const { value, issues } = model ? checkInput({ ...input, model }) : { value: { ...input } };
    const mend = issues?.map(({ path, message }) => `${path} ${message}`);
    if (mend) return { error: 'Nothing was paid. Mend this, and call again:', mend };
    // some providers count the ids from 0 in each answer, or give none: the name and the arguments tell calls apart
    const call = JSON.stringify([chat, toolCallId, name, value]);
    const clientRequestId = createHash('sha256').update(call).digest('hex').slice(0, 32);
    try {
      return await run(value, { clientRequestId, signal });
    } catch (error) {
      signal?.throwIfAborted();
      if (!model || !mayHaveBeenPaid(error)) return { error: `${error.message} (this cost nothing)` };
      return { error: 'It may have been paid for. Do not call again: tell the user.', clientRequestId };
    }
  }

  const entries = Object.entries(actions);
  return {
    /** For `tools` of the AI SDK, which judges arguments by the schema and tells the language model what is wrong. */
    aiTools: Object.fromEntries(
      entries.map(([name, { description, model, parameters }]) => {
        const inputSchema = model ? schemaOf(model) : jsonSchema(parameters);
        const execute = (input, { toolCallId, abortSignal }) => answer(name, input, toolCallId, abortSignal);
        return [name, tool({ description, inputSchema, execute })];
      }),
    ),
    /** For `tools` of an API with function calling. */
    functions: entries.map(([name, { description, model, parameters = parametersOf(model) }]) => {
      return { type: 'function', function: { name, description, parameters } };
    }),
    /** Answers an entry of `tool_calls` with the message to send back. */
    async callFunction({ id, function: { name, arguments: json } }, signal) {
      const say = (content) => ({ role: 'tool', tool_call_id: id, content: JSON.stringify(content) });
      if (!Object.hasOwn(actions, name)) return say({ error: 'There is no function of this name.' });
      let input;
      try {
        input = JSON.parse(json);
      } catch {
        return say({ error: 'The arguments are no JSON. Nothing was paid: call again.' });
      }
      return say(await answer(name, input, id, signal));
    },
  };
}
