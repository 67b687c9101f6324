// Gives a language model tools for pictures and videos, with the AI SDK and without. Costs 2 images and 1 video.
// needs the AI SDK: npm install ai
import './embedded.mjs'; // without a key: the embedded API, in this process

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateText, stepCountIs } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';
import { createWan } from 'aimlapi-wan';
import { createTools } from './chat-tools.mjs';

const wan = createWan({ maxUsd: 1 });
const { aiTools, functions, callFunction } = createTools(wan, randomUUID());

// a scripted language model, in the place of a real one
const usage = { inputTokens: {}, outputTokens: {} };
const turn = (unified, ...content) => ({ content, finishReason: { unified }, usage, warnings: [] });
const call = (toolCallId, toolName, input) => {
  return { type: 'tool-call', toolCallId, toolName, input: JSON.stringify(input) };
};
const kite = { prompt: 'a red kite' };
const script = [
  turn('tool-calls', call('1', 'make_picture', { ...kite, num_images: 9 })),
  turn('tool-calls', call('2', 'make_picture', kite), call('3', 'start_video', kite)),
  turn('stop', { type: 'text', text: 'The picture is there, the video is in the making.' }),
];
const model = new MockLanguageModelV3({ doGenerate: script });
const abortSignal = AbortSignal.timeout(5 * 60_000);
const wish = {
  prompt: 'a picture and a video of a red kite, please',
  stopWhen: stepCountIs(5),
  abortSignal,
};
const { text, steps } = await generateText({ model, tools: aiTools, ...wish });
console.log(text);

// what goes to the API of a language model as `tools`; `ask` stands for what comes back from it as `tool_calls`
console.log(JSON.stringify(functions[1]).slice(0, 100));
const ask = async (id, name, input) => {
  const asked = { id, function: { name, arguments: JSON.stringify(input) } };
  const { content } = await callFunction(asked, abortSignal);
  console.log(name, content);
  return JSON.parse(content);
};
await ask('5', 'make_picture', { prompt: 'a kite', num_images: 9 });
await ask('6', 'make_picture', { prompt: 'a kite' });
await ask('6', 'make_picture', { prompt: 'a kite' });
const { id } = steps[1].toolResults[1].output;
let video;
do {
  await sleep((video?.askAgainInSeconds ?? 0) * 1_000);
  video = await ask('7', 'check_video', { id });
} while (video.state === 'running');
console.log('creates:', wan.spending().creates);
