import { z } from 'zod';

const Text = z.string().optional();
/** ffprobe writes most numbers as strings, and "N/A" where it knows none. */
const Numeric = z.union([z.string(), z.number()]).optional();
const Tags = z.record(z.string(), z.string()).optional();

const Stream = z.object({
  index: z.number().int().nonnegative(),
  codec_type: Text,
  codec_name: Text,
  codec_tag_string: Text,
  profile: Text,
  level: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  sample_aspect_ratio: Text,
  pix_fmt: Text,
  bits_per_raw_sample: Numeric,
  color_transfer: Text,
  field_order: Text,
  avg_frame_rate: Text,
  r_frame_rate: Text,
  start_time: Numeric,
  duration: Numeric,
  bit_rate: Numeric,
  channels: z.number().optional(),
  sample_rate: Numeric,
  disposition: z.record(z.string(), z.number()).optional(),
  tags: Tags,
  side_data_list: z
    .array(
      z.looseObject({
        ...{ side_data_type: Text, rotation: Numeric },
        ...{ crop_top: Numeric, crop_bottom: Numeric, crop_left: Numeric, crop_right: Numeric },
      }),
    )
    .optional(),
});
export type FfprobeStream = z.infer<typeof Stream>;

/** What `ffprobe -show_format -show_streams -show_chapters -of json` prints, as far as it is used here. */
export const FfprobeOutput = z.object({
  format: z.object({
    format_name: z.string(),
    start_time: Numeric,
    duration: Numeric,
    bit_rate: Numeric,
    tags: Tags,
  }),
  streams: z.array(Stream),
  chapters: z.array(z.object({ start_time: Numeric, tags: Tags })).default([]),
});
export type FfprobeOutput = z.infer<typeof FfprobeOutput>;
