import { createWan, type Wan } from './client.js';

let client: Wan | undefined;

/** The one client that the bare functions share, made from the environment when first needed. */
function wan(): Wan {
  client ??= createWan();
  return client;
}

/** {@link Wan.generateImage} of a client made from the environment: makes images, returns them when they are there. */
export const generateImage: Wan['generateImage'] = async (...given) => wan().generateImage(...given);

/** {@link Wan.generateVideo} of a client made from the environment: starts a video, returns its job. */
export const generateVideo: Wan['generateVideo'] = async (...given) => wan().generateVideo(...given);

/** {@link Wan.generateImageUnchecked} of a client made from the environment: sends a body that only the API judges. */
export const generateImageUnchecked: Wan['generateImageUnchecked'] = async (...given) =>
  wan().generateImageUnchecked(...given);

/** {@link Wan.generateVideoUnchecked} of a client made from the environment: sends a body that only the API judges. */
export const generateVideoUnchecked: Wan['generateVideoUnchecked'] = async (...given) =>
  wan().generateVideoUnchecked(...given);

/** {@link Wan.getVideo} of a client made from the environment: asks once how a video is doing. */
export const getVideo: Wan['getVideo'] = async (...given) => wan().getVideo(...given);

/** {@link Wan.pollUntilDone} of a client made from the environment: waits until a video is there. */
export const pollUntilDone: Wan['pollUntilDone'] = async (...given) => wan().pollUntilDone(...given);

/** {@link Wan.watchVideo} of a client made from the environment: the same wait, as updates to loop over. */
export const watchVideo: Wan['watchVideo'] = (...given) => wan().watchVideo(...given);

/** {@link Wan.findRequest} of a client made from the environment: finds requests in the API's log. */
export const findRequest: Wan['findRequest'] = async (...given) => wan().findRequest(...given);

/** {@link Wan.recoverVideo} of a client made from the environment: finds the job of a video whose create was lost. */
export const recoverVideo: Wan['recoverVideo'] = async (...given) => wan().recoverVideo(...given);

/** {@link Wan.save} of a client made from the environment: writes an image or a video to disk. */
export const save: Wan['save'] = async (...given) => wan().save(...given);

/** {@link Wan.download} of a client made from the environment: gives the bytes of an image or a video. */
export const download: Wan['download'] = async (...given) => wan().download(...given);
