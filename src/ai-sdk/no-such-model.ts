type ModelType = 'languageModel' | 'embeddingModel' | 'imageModel' | 'videoModel';

/**
 * The AI SDK's `NoSuchModelError`. It is known by its marks, as the AI SDK advises (`NoSuchModelError.isInstance`), so that
 * nothing of `ai` need be loaded here.
 */
export function noSuchModel(modelType: ModelType, modelId: string, advice: string): Error {
  const marks = ['vercel.ai.error', 'vercel.ai.error.AI_NoSuchModelError'].map((mark) => [
    Symbol.for(mark),
    true,
  ]);
  return Object.assign(new Error(`No such ${modelType}: ${modelId}. ${advice}`), {
    name: 'AI_NoSuchModelError',
    modelId,
    modelType,
    ...Object.fromEntries(marks),
  });
}
