import { createWan } from './client.js';
import type { Wan } from './wan.js';

let client: Wan | undefined;

/** Returns the client that all functions below share. The first call creates it from the environment. */
function wan(): Wan {
  client ??= createWan();
  return client;
}

/**
 * Makes images and returns them when they are finished.
 * Calls {@link Wan.generateImage} of a client made from the environment.
 */
export const generateImage: Wan['generateImage'] = async (...given) => wan().generateImage(...given);

/** Starts a video and returns its job. Calls {@link Wan.generateVideo} of a client made from the environment. */
export const generateVideo: Wan['generateVideo'] = async (...given) => wan().generateVideo(...given);

/**
 * Makes images from a body that only the API checks.
 * Calls {@link Wan.generateImageUnchecked} of a client made from the environment.
 */
export const generateImageUnchecked: Wan['generateImageUnchecked'] = async (...given) =>
  wan().generateImageUnchecked(...given);

/**
 * Starts a video from a body that only the API checks.
 * Calls {@link Wan.generateVideoUnchecked} of a client made from the environment.
 */
export const generateVideoUnchecked: Wan['generateVideoUnchecked'] = async (...given) =>
  wan().generateVideoUnchecked(...given);

/** Asks once for the state of a video. Calls {@link Wan.getVideo} of a client made from the environment. */
export const getVideo: Wan['getVideo'] = async (...given) => wan().getVideo(...given);

/** Waits until a video is finished. Calls {@link Wan.pollUntilDone} of a client made from the environment. */
export const pollUntilDone: Wan['pollUntilDone'] = async (...given) => wan().pollUntilDone(...given);

/**
 * Waits until a video is finished and yields each update.
 * Calls {@link Wan.watchVideo} of a client made from the environment.
 */
export const watchVideo: Wan['watchVideo'] = (...given) => wan().watchVideo(...given);

/** Checks a video's input and makes an order of it. Calls {@link Wan.orderVideo} of a client made from the environment. */
export const orderVideo: Wan['orderVideo'] = async (...given) => wan().orderVideo(...given);

/** Pays for an order, once. Calls {@link Wan.startVideo} of a client made from the environment. */
export const startVideo: Wan['startVideo'] = async (...given) => wan().startVideo(...given);

/** Asks once for the state of a video, without throwing. Calls {@link Wan.checkVideo} of a client made from the environment. */
export const checkVideo: Wan['checkVideo'] = async (...given) => wan().checkVideo(...given);

/** Finds requests in the API's log. Calls {@link Wan.findRequest} of a client made from the environment. */
export const findRequest: Wan['findRequest'] = async (...given) => wan().findRequest(...given);

/**
 * Finds the job of a video when the answer to its create was lost.
 * Calls {@link Wan.recoverVideo} of a client made from the environment.
 */
export const recoverVideo: Wan['recoverVideo'] = async (...given) => wan().recoverVideo(...given);

/** Tells what a create would cost. Calls {@link Wan.estimateCost} of a client made from the environment. */
export const estimateCost: Wan['estimateCost'] = async (...given) => wan().estimateCost(...given);

/** Tells what the creates have cost. Calls {@link Wan.spending} of a client made from the environment. */
export const spending: Wan['spending'] = () => wan().spending();

/** Reads the balance of the account. Calls {@link Wan.getBalance} of a client made from the environment. */
export const getBalance: Wan['getBalance'] = async (...given) => wan().getBalance(...given);

/** Reads what the API tells about the key. Calls {@link Wan.getKey} of a client made from the environment. */
export const getKey: Wan['getKey'] = async (...given) => wan().getKey(...given);

/** Lists the requests in the API's log. Calls {@link Wan.listRequests} of a client made from the environment. */
export const listRequests: Wan['listRequests'] = (...given) => wan().listRequests(...given);

/** Writes an image or a video to disk. Calls {@link Wan.save} of a client made from the environment. */
export const save: Wan['save'] = async (...given) => wan().save(...given);

/** Returns the bytes of an image or a video. Calls {@link Wan.download} of a client made from the environment. */
export const download: Wan['download'] = async (...given) => wan().download(...given);
