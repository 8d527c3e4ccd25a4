import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ControlMessage,
  formatClear,
  formatCommand,
  formatEmergency,
  formatRelease,
  formatReply,
  formatRequest,
  kUsualSettings,
  parseControl,
} from './messages.ts';

const say = (type: string, fields: object) => parseControl(JSON.stringify({ [type]: fields }));

/** The value that a text of this kind has. */
function read<T extends ControlMessage['type']>(type: T, fields: object) {
  const message = say(type, fields);
  assert.ok(message?.type === type, JSON.stringify(fields));
  return message as Extract<ControlMessage, { type: T }>;
}

test('a gate’s report is read whole', () => {
  const { report } = read('gate', {
    ...{ state: 'warned', reason: '', lease: 3, seq: 17, delay: 87.5, factor: 0.8 },
    ...{ verdicts: { accepted: 100, expired: 2 }, stops: 1, estop: 2, by: 'Kim: a dog' },
    settings: { life: 120, warn: 90, stop: 180, blind: 500, allow_blind: true },
  });
  assert.deepEqual(
    { ...report, verdicts: [...report.verdicts] },
    {
      ...{ state: 'warned', reason: '', lease: 3, sequence: 17, delayMs: 87.5, factor: 0.8 },
      ...{ verdicts: [['accepted', 100], ['expired', 2]], stops: 1, by: 'Kim: a dog' }, // prettier-ignore
      settings: { life: 120, warn: 90, stop: 180, blind: 500, allowBlind: true },
    },
  );
});

test('a report that says no more than where the gate stands is as usual in all else', () => {
  const { report } = read('gate', { state: 'idle', lease: 0 });
  assert.deepEqual(report.settings, kUsualSettings);
  assert.deepEqual([report.delayMs, report.factor, report.by], [undefined, 1, '']);
});

test('what a report says beyond sense is brought to sense', () => {
  const { report } = read('gate', {
    ...{ state: 'stopped', reason: 'the moon', lease: 1, seq: -1, delay: -5, factor: 7, by: 4 },
    verdicts: { accepted: 1e300, expired: 3, future: 'x' },
    settings: { life: 1e9, blind: 0, stop: 'x', allow_blind: 'yes' },
  });
  assert.deepEqual([report.reason, report.sequence, report.delayMs], ['other', 0, undefined]);
  assert.deepEqual([report.factor, report.by, [...report.verdicts]], [1, '', [['expired', 3]]]);
  assert.deepEqual(report.settings, { ...kUsualSettings, life: 1000, blind: 100 });
});

test('the server says who drives, who asks and who stopped it', () => {
  const { notice } = read('drive', {
    ...{ lease: 3, driver: { id: 5, name: 'Kim' }, mine: true, gated: true },
    ...{ asking: { id: 6, name: '' }, emergency: { by: 'Bob', why: 'a dog', confirmed: true } },
  });
  assert.deepEqual(notice, {
    ...{ lease: 3, driver: { id: 5, name: 'Kim' }, mine: true, gated: true },
    ...{ asking: { id: 6, name: '' }, emergency: { by: 'Bob', why: 'a dog', confirmed: true } },
  });
  assert.deepEqual(read('drive', { lease: 0, mine: true }).notice, {
    ...{ lease: 0, driver: undefined, mine: false, asking: undefined, gated: false },
    emergency: undefined,
  });
});

test('names are one line, and no longer than a line', () => {
  const name = `Kim\n\u202egnirts\u0000${'x'.repeat(500)}`;
  const { notice } = read('drive', { lease: 1, driver: { id: 5, name } });
  assert.match(notice.driver?.name ?? '', /^Kim gnirts x+…$/);
  assert.equal([...(notice.driver?.name ?? '')].length, 100);
});

test('a refusal has its code and the server’s words', () => {
  const { refusal } = read('refused', { code: 'busy', message: 'Wait.' });
  assert.deepEqual(refusal, { code: 'busy', message: 'Wait.' });
});

test('what isn’t for drivers, or nothing at all, is passed over', () => {
  const texts = [
    ...['', '{', 'null', '[]', '7', '{}', '"gate"', '{"gate":null}', '{"gate":[]}', '{"gate":{}}'],
    ...['{"gate":{"state":"flying","lease":1}}', '{"gate":{"state":"idle","lease":1.5}}'],
    ...[
      '{"gate":{"state":"idle","lease":-1}}',
      '{"gate":{"state":"idle","lease":9007199254740992}}',
    ],
    ...['{"drive":{}}', '{"drive":{"lease":"3"}}', '{"drive":{"lease":1e999}}', '{"refused":{}}'],
    ...['{"estop":{"number":2}}', '{"clear":{"number":2}}', '{"command":{}}', '{"__proto__":{}}'],
    '{"drive":{"lease":1},"gate":{"state":"idle","lease":1}}',
    `{"refused":{"code":"busy","message":"${'x'.repeat(5000)}"}}`,
    '['.repeat(4000),
  ];
  for (const text of texts) assert.equal(parseControl(text), undefined, text.slice(0, 60));
});

test('a command names what moves, and the picture that was seen', () => {
  const command = {
    ...{ lease: 3, sequence: 17, givenUs: 1234.4, boundUs: 55.1, lifeMs: 150 },
    axes: { steering: -0.2, throttle: 0 },
  };
  assert.equal(
    formatCommand({ ...command, sawRtp: 4_000_000_000 }),
    '{"command":{"lease":3,"seq":17,"given":1234,"bound":56,"life":150,"axes":{"steering":-0.2},"saw":{"rtp":4000000000}}}',
  );
  const neutral = { ...command, axes: { steering: 0, throttle: 0 }, sawRtp: undefined };
  assert.equal(
    formatCommand(neutral),
    '{"command":{"lease":3,"seq":17,"given":1234,"bound":56,"life":150,"axes":{}}}',
  );
});

test('what is said on the lease is as the server reads it', () => {
  assert.deepEqual(
    [formatRequest(false), formatRequest(true), formatRelease(), formatReply(6, true)],
    ['{"request":{}}', '{"request":{"take_over":true}}', '{"release":{}}', '{"reply":{"to":6,"give":true}}'], // prettier-ignore
  );
  assert.deepEqual([formatEmergency('a dog'), formatClear()], ['{"estop":{"why":"a dog"}}', '{"clear":{}}']); // prettier-ignore
});
