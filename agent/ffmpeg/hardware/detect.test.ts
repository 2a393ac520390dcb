import { describe, expect, it } from 'vitest';
import { tryDevices } from './detect.ts';
import type { DeviceName } from './device.ts';

const ENCODERS = ' V..... h264_nvenc  x\n V..... hevc_nvenc  x\n V..... h264_vaapi  x\n V..... h264_qsv  x\n';
const FILTERS = ' ... bwdif_cuda  V->V\n ... yadif_cuda  V->V\n ... tonemap_cuda  V->V\n ... tonemap_vaapi  V->V\n';

/** Only `names` are in the machine; what ffmpeg is asked is answered by `works`. */
async function machine(names: readonly DeviceName[], works: (argv: string) => string | null) {
  const asked: string[] = [];
  const attempt = async (args: readonly string[]) => {
    const argv = args.join(' ');
    asked.push(argv);
    const said = works(argv);
    return { well: said === null, said: said ?? '' };
  };
  const facts = async (name: DeviceName) => ({ possible: names.includes(name), node: null, user: 'media' });
  const trials = await tryDevices(attempt, { encoders: ENCODERS, filters: FILTERS }, facts);
  const of = (name: DeviceName) => trials.find(({ device }) => device.name === name)?.trial;
  return { of, asked };
}

describe('a chip', () => {
  it('that does all is found with its codecs and filters', async () => {
    const { of, asked } = await machine(['nvenc'], () => null);
    expect(of('nvenc')).toMatchObject({
      codecs: [
        { codec: 'h264', whole: true, variant: [] },
        { codec: 'hevc', whole: true, variant: [] },
      ],
      ...{ deinterlace: 'bwdif_cuda', tonemap: 'tonemap_cuda' },
    });
    expect(of('vaapi')?.codecs).toEqual([]);
    expect(asked.every((argv) => argv.includes('_nvenc'))).toBe(true);
    expect(asked[0]).toContain('hwupload,scale_cuda=640:360:format=nv12,setsar=1 -c:v h264_nvenc');
    expect(asked[0]).toContain('-force_key_frames 0.2');
  });

  it('whose filters fail still encodes, and is asked for none of them again', async () => {
    const { of, asked } = await machine(['nvenc'], (argv) => (argv.includes('scale_cuda') ? 'no kernel image' : null));
    expect(of('nvenc')?.codecs).toEqual([
      { codec: 'h264', whole: false, variant: [] },
      { codec: 'hevc', whole: false, variant: [] },
    ]);
    expect(of('nvenc')).toMatchObject({ deinterlace: null, tonemap: null });
    expect(asked.some((argv) => argv.includes('tonemap_cuda'))).toBe(false);
  });

  it('whose newer filter fails is used with the older one', async () => {
    const { of } = await machine(['nvenc'], (argv) => (argv.includes('bwdif_cuda') ? 'unknown kernel' : null));
    expect(of('nvenc')?.deinterlace).toBe('yadif_cuda');
  });

  it('that encodes only in its low-power way is used so', async () => {
    const low = (argv: string) => (argv.includes('-low_power 1') ? null : 'No usable encoding entrypoint found');
    const { of } = await machine(['vaapi'], low);
    expect(of('vaapi')?.codecs).toEqual([{ codec: 'h264', whole: true, variant: ['-low_power', '1'] }]);
    expect(of('vaapi')?.tonemap).toBe('tonemap_vaapi');
  });

  it('that makes no H.264 is not asked for more, and what it said is kept', async () => {
    const { of, asked } = await machine(['nvenc'], () => 'No capable devices found');
    expect(of('nvenc')).toMatchObject({ codecs: [], said: 'No capable devices found' });
    expect(asked.some((argv) => argv.includes('hevc_nvenc'))).toBe(false);
  });
});
