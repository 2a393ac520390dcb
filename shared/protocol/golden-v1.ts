/**
 * Messages of version 1 as they went over the wire. They are never edited: a later version must still read
 * them for as long as it says that it understands version 1.
 */
export const AGENT_V1: readonly string[] = [
  '{"type":"hello","protocol":1,"minProtocol":1,"agentId":"agt_T5bwPI15-yPo2SjP4ldoVg","generation":1795228969101,"version":"0.1.0","capabilities":{"platform":"linux","arch":"x64","hostname":"attic","cpus":4,"memoryBytes":8589934592,"ffmpeg":"7.0","videoEncoders":["h264_nvenc","libx264"],"gpus":["NVIDIA T400"],"transcodeSlots":2},"roots":[{"id":"movies-x7k2","name":"movies","library":"Movies","state":"ok"}],"sessions":[{"id":"ses_AAAAAAAAAAAAAAAAAAAAAA","generation":2}]}',
  '{"type":"answer","id":"c_m3Wc0cT4f0eS9n3uYxqv9w","body":{"started":true}}',
  '{"type":"failure","id":"c_m3Wc0cT4f0eS9n3uYxqv9w","class":"capacity","code":"capacity-full","detail":"Both slots are in use"}',
  '{"type":"inline","id":"c3RyZWFt","contentType":"text/vtt; charset=utf-8","etag":"\\"a1\\"","range":null,"body":"V0VCVlRUCg=="}',
  '{"type":"progress","ids":["c3RyZWFt","c_m3Wc0cT4f0eS9n3uYxqv9w"],"moved":[1048576,0],"uplink":5000000}',
  '{"type":"event","seq":1,"event":{"kind":"scan.progress","root":"movies-x7k2","phase":"probing","total":120,"done":17,"problems":1,"message":null}}',
  '{"type":"event","seq":2,"event":{"kind":"session.ended","session":"ses_AAAAAAAAAAAAAAAAAAAAAA","generation":2,"reason":"lease"}}',
  '{"type":"event","seq":3,"event":{"kind":"capacity","slotsUsed":1,"slotsTotal":2}}',
  '{"type":"event","seq":4,"event":{"kind":"roots","roots":[{"id":"movies-x7k2","name":"movies","library":"Movies","state":"offline"}]}}',
];

export const EDGE_V1: readonly string[] = [
  '{"type":"welcome","protocol":1,"now":1795228969658,"close":[{"id":"ses_AAAAAAAAAAAAAAAAAAAAAA","generation":2}]}',
  '{"type":"call","id":"c_m3Wc0cT4f0eS9n3uYxqv9w","method":"library.scan","params":{"root":null},"deadlineMs":5000}',
  '{"type":"bytes","id":"c3RyZWFt","session":"ses_AAAAAAAAAAAAAAAAAAAAAA","generation":2,"resource":{"kind":"file"},"range":{"start":0,"end":16777215},"deadlineMs":30000}',
  '{"type":"bytes","id":"c3RyZWFt","session":"ses_AAAAAAAAAAAAAAAAAAAAAA","generation":2,"resource":{"kind":"segment","rendition":"v720","k":12},"range":null,"deadlineMs":30000}',
  '{"type":"bytes","id":"c3RyZWFt","session":"ses_AAAAAAAAAAAAAAAAAAAAAA","generation":2,"resource":{"kind":"init","rendition":"v720"},"range":null,"deadlineMs":30000}',
  '{"type":"bytes","id":"c3RyZWFt","session":"ses_AAAAAAAAAAAAAAAAAAAAAA","generation":2,"resource":{"kind":"subtitle","stream":3},"range":null,"deadlineMs":30000}',
  '{"type":"bytes","id":"c3RyZWFt","session":null,"generation":0,"resource":{"kind":"image","image":"00112233445566778899aabbccddeeff","width":320},"range":null,"deadlineMs":30000}',
  '{"type":"cancel","id":"c3RyZWFt"}',
  '{"type":"ack","seq":4}',
];

/** Those that came later, and are only said to an end that has named them; recorded and kept in the same way. */
export const AGENT_LATER: readonly string[] = [
  '{"type":"hello","protocol":1,"minProtocol":1,"agentId":"agt_T5bwPI15-yPo2SjP4ldoVg","generation":1795228969101,"version":"0.3.0","capabilities":{"platform":"linux","arch":"x64","hostname":"attic","cpus":4,"memoryBytes":8589934592,"ffmpeg":"7.0","videoEncoders":["libx264"],"gpus":[],"transcodeSlots":2,"resources":["still","font"],"paintsText":true},"roots":[],"sessions":[]}',
  '{"type":"background","id":"w_1","work":{"kind":"previews","fingerprint":"00112233445566778899aabbccddeeff"}}',
  '{"type":"background","id":"w_2","work":{"kind":"previews","fingerprint":"00112233445566778899aabbccddeeff"},"done":true}',
];

export const EDGE_LATER: readonly string[] = [
  '{"type":"leave","id":"w_1","leave":{"may":true,"forMs":180000}}',
  '{"type":"leave","id":"w_1","leave":{"may":false,"because":"viewer-waits"}}',
  '{"type":"call","id":"c_m3Wc0cT4f0eS9n3uYxqv9w","method":"background.stop","params":{"work":{"kind":"previews","fingerprint":"00112233445566778899aabbccddeeff"},"because":"draining"},"deadlineMs":5000}',
];
