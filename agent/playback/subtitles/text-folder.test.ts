import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { AgentFailure, type ByteAnswer } from '../../link/handlers.ts';
import { type Make, TextFolder } from './text-folder.ts';

const root = await mkdtemp(join(tmpdir(), 'hearthcast-text-folder-'));
afterAll(() => rm(root, { recursive: true }));

const PATIENCE = AbortSignal.timeout(60_000);
const answer = (body: ByteAnswer['body']): ByteAnswer => ({ contentType: 'x', etag: null, body });
let folders = 0;
const fresh = () => join(root, String(++folders));

describe('the folder that ffmpeg draws text from', () => {
  it('has a plain track and no fonts, made once', async () => {
    const asked: string[] = [];
    const make: Make = async (resource) => {
      asked.push(JSON.stringify(resource));
      return answer(Buffer.from('WEBVTT\n'));
    };
    const folder = new TextFolder(fresh(), { index: 3, codec: 'subrip' }, make);
    await Promise.all([folder.ready(PATIENCE), folder.ready(PATIENCE)]);
    expect(asked).toEqual(['{"kind":"subtitle","stream":3}']);
    expect((await readdir(folder.text.folder)).sort()).toEqual(['fonts', 'text.vtt']);
    expect(await readdir(join(folder.text.folder, 'fonts'))).toEqual([]);
    await folder.release();
    await expect(readdir(folder.text.folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('has a track in ASS as it is, with the fonts that can be had, also large ones', async () => {
    const large = join(root, 'large');
    await writeFile(large, 'before the font after');
    const make: Make = async (resource) => {
      if (resource.kind === 'subtitle') return answer(Buffer.from(`styled as ${resource.form}`));
      if (resource.kind !== 'font') throw new Error('nobody asks');
      if (resource.font === null) return answer(Buffer.from('{"fonts":[4,5,6]}'));
      if (resource.font === 5)
        throw new AgentFailure('content', 'content-broken', 'What is attached there is no font.');
      return answer(resource.font === 4 ? Buffer.from('small') : { path: large, start: 7, end: 15, size: 21 });
    };
    const folder = new TextFolder(fresh(), { index: 3, codec: 'ass' }, make);
    await folder.ready(PATIENCE);
    const content = (name: string) => readFile(join(folder.text.folder, name), 'utf8');
    expect(await content(folder.text.file)).toBe('styled as ass');
    expect((await readdir(join(folder.text.folder, 'fonts'))).sort()).toEqual(['4', '6']);
    expect([await content('fonts/4'), await content('fonts/6')]).toEqual(['small', 'the font']);
    await folder.release();
  });

  it.each(['not there', '{"fonts":"many"}', '{'])(
    'draws in other letters where the list of fonts is %s',
    async (list) => {
      const make: Make = async (resource) => {
        if (resource.kind === 'font' && list === 'not there') throw new Error('no such file');
        return answer(Buffer.from(resource.kind === 'font' ? list : 'words'));
      };
      const folder = new TextFolder(fresh(), { index: 3, codec: 'ssa' }, make);
      await folder.ready(PATIENCE);
      expect(await readdir(join(folder.text.folder, 'fonts'))).toEqual([]);
      await folder.release();
    },
  );

  it('says why there is no track, and tries again when it is asked again', async () => {
    let broken = true;
    const make: Make = async () => {
      if (broken) throw new AgentFailure('capacity', 'agent-timeout', 'The disk is too slow.');
      return answer(Buffer.from('WEBVTT\n'));
    };
    const folder = new TextFolder(fresh(), { index: 3, codec: 'subrip' }, make);
    await expect(folder.ready(PATIENCE)).rejects.toMatchObject({ code: 'agent-timeout' });
    broken = false;
    await folder.ready(PATIENCE);
    await folder.release();
  });

  it('waits for nobody who has left, and for nothing once its session has ended', async () => {
    const make: Make = () => new Promise(() => {});
    const folder = new TextFolder(fresh(), { index: 3, codec: 'subrip' }, make);
    const viewer = new AbortController();
    const left = folder.ready(viewer.signal);
    const stays = folder.ready(PATIENCE);
    viewer.abort(new Error('the viewer has left'));
    await expect(left).rejects.toThrow('the viewer has left');
    const ended = expect(stays).rejects.toMatchObject({ class: 'session', code: 'session-ended' });
    await folder.release();
    await ended;
    await expect(folder.ready(PATIENCE)).rejects.toMatchObject({ code: 'session-ended' });
    await expect(readdir(folder.text.folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
