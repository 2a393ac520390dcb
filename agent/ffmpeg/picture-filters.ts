import type { VideoStream } from '../../shared/media/media-info.ts';
import type { VideoRendition } from '../../shared/media/plan.ts';

interface Size {
  width: number;
  height: number;
}

/** What a source's pictures need on their way to a rendition's. */
export interface PictureTask {
  source: Pick<VideoStream, 'codec' | 'bitDepth' | 'hdr' | 'rotation' | 'cropped' | 'crop'> & Partial<Size>;
  rendition: Pick<
    VideoRendition,
    'codec' | 'width' | 'height' | 'bitrate' | 'codecs' | 'tonemap' | 'deinterlace' | 'range' | 'burnIn'
  >;
}

/** Whether the rendition has ten bits: only what stays in HDR has. */
export function tenBits({ rendition }: PictureTask): boolean {
  return rendition.range !== undefined;
}

/** Weaves the fields of interlaced pictures on the processor, and lets the others pass. */
export const DEINTERLACE = 'bwdif=mode=send_frame:deint=interlaced';

/**
 * Cuts off what the container says, where ffmpeg did not do so itself when the file was read; no filters where there is
 * nothing to cut. One that was made newer since then has cut already: its pictures pass as they are.
 */
export function cropFilters({ crop, width, height }: Pick<VideoStream, 'crop'> & Partial<Size>): string[] {
  if (!crop || !width || !height) return [];
  const larger = `gt(iw\\,${width})+gt(ih\\,${height})`;
  const from = (edge: number) => `if(${larger}\\,${edge}\\,0)`;
  return [`crop=min(iw\\,${width}):min(ih\\,${height}):${from(crop.left)}:${from(crop.top)}:exact=1`];
}

/** Before the grid, on the processor: whole pictures, and no more of them than is to be seen. */
export function wholePictures({ source, rendition }: PictureTask): string[] {
  return [...(rendition.deinterlace ? [DEINTERLACE] : []), ...cropFilters(source)];
}

/** Tone mapping wants linear light in floats, so it comes after scaling down: before, it costs twice as much. */
export const TONEMAP = [
  'zscale=t=linear:npl=100',
  'format=gbrpf32le',
  'zscale=p=bt709',
  'tonemap=hable:desat=0',
  'zscale=t=bt709:m=bt709:r=tv',
].join(',');

/** Scaling and tone mapping in one by way of Vulkan: a chip that encodes nothing may still do this. */
export const PLACEBO_DEVICE = ['-init_hw_device', 'vulkan=vk', '-filter_hw_device', 'vk'];
export function placebo({ width, height }: { width: number; height: number }): string[] {
  const colours = 'colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv:tonemapping=hable';
  return [
    'format=p010le',
    'hwupload',
    `libplacebo=w=${width}:h=${height}:format=yuv420p:${colours}`,
    'hwdownload',
    'format=yuv420p',
  ];
}

/** After the grid, on the processor: its size, square pixels, the colours of an ordinary screen. */
export function processorFilters({ rendition }: PictureTask, usePlacebo: boolean): string[] {
  const { width, height, tonemap } = rendition;
  if (tonemap && usePlacebo) return [...placebo(rendition), 'setsar=1'];
  return [`scale=${width}:${height}:flags=bilinear`, 'setsar=1', ...(tonemap ? [TONEMAP] : [])];
}
