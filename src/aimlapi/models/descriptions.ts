/**
 * What each model and field is, for people and agents that choose. The interfaces say the same to editors: a test holds
 * the two together. It is in a file of its own because only JSON Schema needs it.
 */

const ofModels: Readonly<Record<string, string>> = {
  'alibaba/wan2.2-t2i-flash': 'Text to image, the fast edition: 1 to 4 pictures.',
  'alibaba/wan2.2-t2i-plus': 'Text to image, the professional edition: 1 to 4 pictures.',
  'alibaba/wan2.5-t2i-preview': 'Text to image: 1 to 4 pictures.',
  'alibaba/wan-2-6-image':
    'Text to image, and image to image where `image_urls` are given. Makes one picture.',
  'alibaba/wan-2-7-image':
    'Text to image, and image to image where `image_urls` are given. Makes one picture.',
  'alibaba/wan-2-7-image-pro':
    'The professional edition: text to image, and image to image where `image_urls` are given. Makes one picture.',
  'wan/v2.1/1.3b/text-to-video':
    'Text to video, of the first generation. The API takes it at a path of its own.',
  'alibaba/wan2.1-t2v-turbo': 'Text to video, the fast edition: 480P or 720P.',
  'alibaba/wan2.1-t2v-plus': 'Text to video: 720P.',
  'alibaba/wan2.2-t2v-plus': 'Text to video: silent, 5 s, about 30 frames a second.',
  'alibaba/wan2.2-i2v-plus': 'Image to video: 480P or 1080P.',
  'alibaba/wan2.2-14b-animate-move': 'Puts the character of a picture into the motion of a video.',
  'alibaba/wan2.2-14b-animate-replace': 'Puts the character of a picture in the place of the one in a video.',
  'alibaba/wan2.2-vace-fun-a14b-depth': 'Video to video, along the depth of the scene.',
  'alibaba/wan2.2-vace-fun-a14b-pose': 'Video to video, along the poses of the people in it.',
  'alibaba/wan2.2-vace-fun-a14b-inpainting': 'Fills in a part of a video.',
  'alibaba/wan2.2-vace-fun-a14b-outpainting': 'Widens the frame of a video.',
  'alibaba/wan2.2-vace-fun-a14b-reframe': 'Brings a video into another frame.',
  'alibaba/wan2.5-t2v-preview': 'Text to video: 5 or 10 s.',
  'alibaba/wan2.5-i2v-preview': 'Image to video: 5 or 10 s.',
  'alibaba/wan-2-6-t2v': 'Text to video, with sound: 5, 10 or 15 s.',
  'alibaba/wan-2-6-i2v': 'Image to video, with sound: 5, 10 or 15 s.',
  'alibaba/wan-2-6-image-to-video-flash': 'Image to video, with sound, the fast edition: 5, 10 or 15 s.',
  'alibaba/wan-2-6-r2v': 'Reference to video, from the characters of other videos: 5, 10 or 15 s.',
  'alibaba/wan-2-7-t2v': 'Text to video, with sound: 5, 10 or 15 s.',
  'alibaba/wan-2-7-i2v': 'Image to video, with sound of your own: 5, 10 or 15 s.',
  'alibaba/wan-2-7-r2v':
    'Reference to video, from the characters and things of pictures and videos: 5, 10 or 15 s.',
};

const ofFields = {
  aspect_ratio: 'Width to height.',
  audio_url: 'The sound to go with: an http(s) URL.',
  duration: 'Seconds, as a number.',
  enable_prompt_expansion:
    'Lets a language model expand the prompt first (other models call it `enhance_prompt`).',
  enable_safety_checker: 'Turns the safety check of the API on or off.',
  enhance_prompt: 'Lets a language model expand the prompt first.',
  first_frame_image: 'The picture to start from: an http(s) URL.',
  generate_audio: 'Makes sound to go with the picture.',
  guidance_scale: 'How closely to follow the prompt.',
  image_url: 'The picture to start from: an http(s) URL, or a local one as a data URI (`toDataUri`).',
  inference_steps: 'Sampling steps: more take longer and give more detail.',
  negative_prompt: 'What to avoid. The API names no limit.',
  num_inference_steps: 'Sampling steps: more take longer and give more detail.',
  prompt: 'The scene, subject or action: at least 1 character. The API names no upper limit.',
  resolution: 'The short side of the frame.',
  sampler: 'The sampling method.',
  seed: 'A whole number: the same one gives similar results. Random if left out; the API names no range.',
  shift: 'Shift of the noise schedule.',
  shot_type: "One shot, or several; `'multi'` works only with `enhance_prompt`, which is on by default.",
  video_url: 'The video to work on: an http(s) URL, or a local one as a data URI (`toDataUri`).',
  video_quality: 'Quality of the video file.',
  video_write_mode: 'Fast to write, small, or in between.',
  watermark: 'Puts a mark into the video.',
};

/** What differs, and what is found there alone, from the general to the special. */
const ofFamilies: [family: RegExp, fields: Readonly<Record<string, string>>][] = [
  [
    /t2i|image(-pro)?$/,
    {
      prompt: 'What to show: 1 to 2000 characters.',
      negative_prompt: 'What to avoid: up to 500 characters.',
      image_size: 'A preset, or pixels.',
      width: 'Pixels: 512 to 1440, a multiple of 32.',
      height: 'Pixels: 512 to 1440, a multiple of 32.',
      enhance_prompt: 'Lets a language model rewrite the prompt first.',
      watermark: 'Adds an invisible watermark.',
      seed: '0 to 2147483647: the same seed and prompt give the same image on the same version of the model.',
      num_images: 'Pictures to make, 1 to 4.',
      image_urls: 'Pictures to work on, 1 to 3: http(s) URLs, or local ones as data URIs (`toDataUri`).',
    },
  ],
  [
    /animate/,
    {
      video_url:
        'The video that the motion comes from: an http(s) URL, or a local one as a data URI (`toDataUri`).',
      image_url:
        'The character: an http(s) URL, or a local picture as a data URI (`toDataUri`). It is resized, and cropped around its centre, where its proportions are not those of the video.',
    },
  ],
  [
    /vace-fun/,
    {
      acceleration: 'How much the work is sped up.',
      aspect_ratio: "Width to height; `'auto'` follows the video.",
      auto_downsample_min_fps: 'Frames a second that automatic downsampling keeps at least.',
      enable_auto_downsample: 'Lets the API choose that factor.',
      frames_per_second: '5 to 30.',
      interpolator_model: 'The model that makes the frames in between.',
      match_input_frames_per_second:
        'Takes the frame rate from the video; `frames_per_second` does not count then.',
      match_input_num_frames: 'Takes the number of frames from the video; `num_frames` does not count then.',
      negative_prompt:
        'What to avoid. The API names no limit, and has a long list of its own where it is left out.',
      num_frames: 'Frames to make, 17 to 241.',
      num_interpolated_frames: 'Frames to put between every two.',
      preprocess: 'Whether the API first turns the video into what the model works from.',
      sync_mode: "The API's schema has it, and does not say what it does.",
      temporal_downsample_factor: 'Works on every nth frame of the video.',
    },
  ],
  [
    /inpainting/,
    {
      image_list: 'Reference pictures: http(s) URLs.',
      mask_video_url: 'A video that marks the part to fill in: an http(s) URL.',
    },
  ],
  [
    /outpainting/,
    {
      expand_bottom: 'Adds to the bottom.',
      expand_left: 'Adds to the left.',
      expand_ratio: 'How much to add on each side. The API names no range.',
      expand_right: 'Adds to the right.',
      expand_top: 'Adds to the top.',
    },
  ],
  [
    /reframe/,
    {
      prompt: 'The scene, subject or action. The API names no limit.',
      trim_borders: 'Cuts borders off the video first.',
      zoom_factor: 'The API names no range.',
    },
  ],
  [/2-6-r2v/, { video_urls: '1 to 3 videos of one character each: http(s) URLs.' }],
  [/2-7-(i2v|r2v)/, { negative_prompt: 'What to avoid: up to 500 characters.' }],
  [/2-7-i2v/, { enable_prompt_expansion: 'Documented beside `enhance_prompt`, with the same meaning.' }],
  [/2-7-r2v/, { image_urls: 'Up to 5 pictures: http(s) URLs.', video_urls: 'Up to 5 videos: http(s) URLs.' }],
];

/** What a model does, in a line. */
export function describeModel(id: string): string | undefined {
  return ofModels[id];
}

/** The description of each field of a model. */
export function describeFields(id: string): Readonly<Record<string, string>> {
  const families = ofFamilies.filter(([family]) => family.test(id));
  return Object.assign({}, ofFields, ...families.map(([, fields]) => fields));
}
