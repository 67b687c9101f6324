import { embed } from './embed.mjs';

/** Whether this process uses the embedded API: there is no key of the AIML API in the environment. */
export const embedded = await embed(['AIMLAPI_API_KEY', 'AIML_API_KEY', 'AIMLAPI_KEY'], 'AIMLAPI_BASE_URL');
