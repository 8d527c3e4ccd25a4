import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setLanguage } from '../text/text.ts';
import { type DriveNotice, type GateReport, kConsoleWhy, kUsualSettings } from './messages.ts';
import { DriveModel, type Here, kAskMs } from './model.ts';
import * as words from './words.ts';

const kKim = { id: 5, name: 'Kim' };
const kBob = { id: 6, name: 'Bob' };

function here(more: Partial<Here> = {}): Here {
  return {
    ...{ now: 0, mayDrive: true, mayAdmin: false, linked: true, clockKnown: true },
    ...{ pictureAgeMs: 20, focused: true, armed: true },
    ...more,
  };
}

class Scene {
  readonly model = new DriveModel();

  drive(more: Partial<DriveNotice> = {}, now = 0): void {
    const notice = {
      ...{ lease: 0, driver: undefined, mine: false, asking: undefined, gated: true },
      emergency: undefined,
      ...more,
    };
    this.model.onMessage({ type: 'drive', notice }, now);
  }

  mine(more: Partial<DriveNotice> = {}, now = 0): void {
    this.drive({ lease: 3, driver: kKim, mine: true, ...more }, now);
  }

  gate(more: Partial<GateReport> = {}, now = 0): void {
    const report: GateReport = {
      ...{ state: 'driven', reason: '', lease: 3, sequence: 1, delayMs: 80, factor: 1 },
      ...{ verdicts: new Map(), stops: 0, by: '', settings: kUsualSettings },
      ...more,
    };
    this.model.onMessage({ type: 'gate', report }, now);
  }

  view(more: Partial<Here> = {}) {
    return this.model.view(here(more));
  }
}

test('a server that says nothing of driving isn’t known to let one drive', () => {
  const scene = new Scene();
  assert.equal(scene.model.isKnown, false);
  assert.equal(scene.view().take, undefined);
});

test('control may be taken where nobody drives, and asked for where somebody does', () => {
  const scene = new Scene();
  scene.drive();
  assert.equal(scene.view().take, 'take');
  assert.equal(words.whoDrives(scene.view()), 'Nobody drives');
  scene.drive({ lease: 2, driver: kBob });
  assert.deepEqual([scene.view().take, scene.view().takeOver], ['ask', false]);
  assert.equal(words.whoDrives(scene.view()), 'Bob drives');
  assert.equal(scene.view({ mayAdmin: true }).takeOver, true);
});

test('who may only watch, or has no connection, is offered nothing', () => {
  const scene = new Scene();
  scene.drive();
  assert.equal(scene.view({ mayDrive: false }).take, undefined);
  assert.equal(scene.view({ linked: false }).take, undefined);
});

test('who asks waits for ten seconds, or until there is an answer', () => {
  const scene = new Scene();
  scene.drive({ lease: 2, driver: kBob });
  scene.model.requested(1000);
  assert.deepEqual([scene.view({ now: 4000 }).waitingMs, scene.view().take], [7000, undefined]);
  scene.model.onMessage({ type: 'refused', refusal: { code: 'declined', message: 'x' } }, 4000);
  const view = scene.view({ now: 4000 });
  assert.deepEqual([view.waitingMs, view.take], [undefined, 'ask']);
  assert.equal(words.whyRefused(view.refused!), 'Your request was declined.');
  scene.model.requested(5000);
  assert.equal(scene.view({ now: 5000 }).refused, undefined);
  scene.mine();
  assert.deepEqual([scene.view().waitingMs, scene.view().mine], [undefined, true]);
});

test('who drives is asked, and has ten seconds from then', () => {
  const scene = new Scene();
  scene.mine({}, 0);
  scene.mine({ asking: kBob }, 2000);
  scene.mine({ asking: kBob, emergency: { by: 'x', why: '', confirmed: false } }, 5000);
  const view = scene.view({ now: 6000 });
  assert.deepEqual(view.question, { from: kBob, leftMs: kAskMs - 4000 });
  assert.equal(words.whoAsks(view), 'Bob asks to drive.');
  scene.mine({ asking: { id: 7, name: '' } }, 9000);
  assert.deepEqual(scene.view({ now: 9000 }).question?.leftMs, kAskMs);
  assert.equal(words.whoAsks(scene.view()), 'Somebody asks to drive.');
});

test('others see who asks whom', () => {
  const scene = new Scene();
  scene.drive({ lease: 3, driver: kKim, asking: kBob });
  assert.equal(words.whoAsks(scene.view()), 'Bob asks Kim for control.');
});

test('while all is well there is no obstacle', () => {
  const scene = new Scene();
  scene.mine();
  scene.gate();
  assert.equal(scene.view().obstacle, undefined);
  assert.equal(words.whyNot(scene.view()), '');
});

test('each reason why it doesn’t go is told', () => {
  const scene = new Scene();
  scene.mine();
  assert.equal(scene.view().obstacle, 'robot-silent');
  scene.gate();
  const of = (more: Partial<Here>) => scene.view(more).obstacle;
  assert.equal(of({ linked: false }), 'no-connection');
  assert.equal(of({ clockKnown: false }), 'no-clock');
  assert.equal(of({ pictureAgeMs: undefined }), 'no-picture');
  assert.equal(of({ pictureAgeMs: 601 }), 'too-old');
  assert.equal(of({ focused: false }), 'unfocused');
  assert.equal(of({ armed: false }), 'let-go');
  assert.equal(of({ now: 2000 }), 'robot-silent');
  for (const reason of ['silence', 'blind', 'not-ready', 'new-driver'] as const) {
    scene.gate({ state: 'stopped', reason });
    assert.equal(of({}), reason);
  }
  scene.gate({ state: 'stopped', reason: 'other' });
  assert.equal(of({}), 'stopped');
  scene.gate({ lease: 2 });
  assert.equal(of({}), 'new-driver');
});

test('all obstacles have words of their own', () => {
  const scene = new Scene();
  const obstacles = [
    ...(['no-connection', 'emergency', 'no-clock', 'no-picture', 'too-old'] as const),
    ...(['robot-silent', 'new-driver', 'silence', 'blind', 'not-ready'] as const),
    ...(['stopped', 'unfocused', 'let-go'] as const),
  ];
  const said = obstacles.map((obstacle) => words.whyNot({ ...scene.view(), obstacle }));
  assert.equal(new Set(said).size, obstacles.length);
  const view = { ...scene.view(), obstacle: 'not-ready' as const, why: 'no PCA9685' };
  assert.match(words.whyNot(view), /isn’t ready\. no PCA9685$/);
});

test('a robot that lets itself be driven blind locks nothing', () => {
  const scene = new Scene();
  scene.mine();
  scene.gate({ settings: { ...kUsualSettings, allowBlind: true } });
  assert.equal(scene.view({ pictureAgeMs: undefined }).obstacle, undefined);
});

test('an old robot says nothing, which is no obstacle', () => {
  const scene = new Scene();
  scene.mine({ gated: false });
  assert.equal(scene.view({ now: 60_000 }).obstacle, undefined);
});

test('what befalls many commands is told, and for no longer than it lasts', () => {
  const scene = new Scene();
  scene.mine();
  const counts = (accepted: number, expired: number) =>
    new Map(Object.entries({ accepted, expired, future: 1 }));
  scene.gate({ verdicts: counts(100, 0) }, 0);
  scene.gate({ verdicts: counts(105, 1) }, 100);
  assert.equal(scene.view({ now: 100 }).trouble, undefined);
  scene.gate({ verdicts: counts(120, 30) }, 500);
  assert.equal(scene.view({ now: 500 }).trouble, 'expired');
  assert.match(words.whyNot(scene.view({ now: 500 })), /too late/);
  for (let at = 600; at <= 1600; at += 100) scene.gate({ verdicts: counts(at, 30) }, at);
  assert.equal(scene.view({ now: 1600 }).trouble, undefined);
});

test('what a robot dropped while it was stopped or not ready is no trouble once it goes again', () => {
  for (const [state, reason, verdict] of [
    ['emergency', 'emergency', 'emergency'],
    ['stopped', 'new-driver', 'not-neutral'],
    ['stopped', 'not-ready', 'not-ready'],
  ] as const) {
    const scene = new Scene();
    scene.mine();
    const counts = (accepted: number, dropped: number) =>
      new Map(Object.entries({ accepted, [verdict]: dropped }));
    scene.gate({ verdicts: counts(100, 0) }, 0);
    scene.gate({ state, reason, verdicts: counts(100, 5) }, 100);
    scene.gate({ state, reason, verdicts: counts(100, 45) }, 900);
    scene.gate({ verdicts: counts(101, 47) }, 1000);
    for (const now of [1000, 1100, 1400]) {
      scene.gate({ verdicts: counts(101 + (now - 1000) / 20, 47) }, now);
      assert.equal(words.whyNot(scene.view({ now })), '', `${verdict} at ${now}`);
    }
  }
});

test('what is dropped on a bad path is told though it stops the robot now and then', () => {
  const scene = new Scene();
  scene.mine();
  const counts = (accepted: number, expired: number) =>
    new Map(Object.entries({ accepted, expired }));
  scene.gate({ verdicts: counts(100, 0) }, 0);
  scene.gate({ state: 'stopped', reason: 'silence', verdicts: counts(100, 20) }, 400);
  scene.gate({ verdicts: counts(102, 20) }, 500);
  assert.equal(scene.view({ now: 500 }).trouble, 'expired');
});

test('the loop delay is coloured by the law and by what the robot allows', () => {
  const scene = new Scene();
  scene.mine();
  const tones = [80, 200, 201, 600, 601].map((delayMs) => {
    scene.gate({ delayMs });
    return scene.view().tone;
  });
  assert.deepEqual(tones, ['good', 'good', 'busy', 'busy', 'bad']);
  scene.gate({ lease: 2 });
  assert.equal(scene.view().delayMs, undefined);
});

test('a cap is told', () => {
  const scene = new Scene();
  scene.mine();
  scene.gate({ factor: 0.8 });
  assert.equal(words.cap(scene.view()), 'Top speed capped at 80 %');
  scene.gate();
  assert.equal(words.cap(scene.view()), '');
});

test('an emergency stop goes from pressed to confirmed, and is sent until the server knows', () => {
  const scene = new Scene();
  scene.drive();
  assert.equal(scene.model.stopToSend(0), undefined);
  scene.model.press('a dog');
  assert.deepEqual([scene.view().emergency, scene.model.stopToSend(0)], ['pressed', 'a dog']);
  scene.model.stopSent(0);
  assert.equal(scene.model.stopToSend(900), undefined);
  assert.equal(scene.model.stopToSend(1000), 'a dog');
  scene.drive({ lease: 3, driver: kBob }); // of something else
  assert.equal(scene.view().emergency, 'pressed');
  scene.drive({ emergency: { by: 'Kim', why: 'a dog', confirmed: false } });
  assert.deepEqual([scene.view().emergency, scene.model.stopToSend(9000)], ['latched', undefined]);
  scene.drive({ emergency: { by: 'Kim', why: 'a dog', confirmed: true } });
  assert.equal(scene.view().emergency, 'confirmed');
  assert.match(
    words.emergencyWords(scene.view(), true),
    /stands still\. By you: a dog\. .*cleared/,
  );
  scene.drive();
  assert.equal(scene.view().emergency, 'none');
});

test('a stop that was pressed without a connection is sent with the next one', () => {
  const scene = new Scene();
  scene.model.press('');
  scene.model.stopSent(0);
  scene.model.forget();
  assert.equal(scene.model.stopToSend(10), '');
  assert.match(words.emergencyWords(scene.view(), false), /no connection/);
});

test('a stop that is pressed again while there is one is sent once, and isn’t one after its clearing', () => {
  const scene = new Scene();
  const emergency = { by: 'Kim', why: '', confirmed: true };
  scene.drive({ emergency });
  scene.model.press('again');
  assert.equal(scene.model.stopToSend(0), 'again');
  scene.model.stopSent(0);
  scene.drive();
  assert.deepEqual([scene.view().emergency, scene.model.stopToSend(9000)], ['none', undefined]);
});

test('who stopped it is told in the reader’s language, and oneself as oneself', () => {
  const scene = new Scene();
  const told = () => words.emergencyWords(scene.view(), true);
  const stop = (by: string, why: string = kConsoleWhy) =>
    scene.drive({ emergency: { by, why, confirmed: true } });
  scene.drive();
  stop('member 2');
  assert.match(told(), / By member 2: pressed in the console\. /);
  setLanguage('ko');
  assert.match(told(), / 누른 사람: 2번 접속자 \(콘솔에서 누름\)\. /);
  assert.doesNotMatch(told().replace('“admin”', ''), /[a-z]/);
  setLanguage('en');
  scene.drive();
  scene.model.press(kConsoleWhy);
  scene.model.stopSent(0);
  stop('member 5');
  assert.match(told(), / By you: pressed in the console\. /);
  stop('member 5'); // told anew after a break
  assert.match(told(), / By you: /);
  stop('Kim', 'a dog');
  assert.match(told(), / By Kim: a dog\. /);
  scene.drive();
  stop('member 5');
  assert.match(told(), / By member 5: /);
});

test('a stop that others pressed before isn’t one’s own', () => {
  const scene = new Scene();
  scene.drive({ emergency: { by: 'Kim', why: kConsoleWhy, confirmed: false } });
  scene.model.press(kConsoleWhy);
  scene.model.stopSent(0);
  scene.drive({ emergency: { by: 'Kim', why: kConsoleWhy, confirmed: true } });
  assert.match(words.emergencyWords(scene.view(), true), / By Kim: /);
});

test('who may not clear is told so, whatever the server’s words, until there is nothing to clear', () => {
  const scene = new Scene();
  const refuse = () =>
    scene.model.onMessage({ type: 'refused', refusal: { code: 'not-admin', message: 'x' } }, 0);
  const told = () => scene.view().refused && words.whyRefused(scene.view().refused!);
  scene.mine({ emergency: { by: 'Kim', why: '', confirmed: true } });
  scene.model.clearing();
  refuse();
  assert.equal(told(), 'The stop was not cleared: that needs the right “admin”.');
  setLanguage('ko');
  assert.match(told()!, /정지를 해제하지 못했습니다/);
  setLanguage('en');
  scene.mine();
  assert.equal(told(), undefined);
  scene.drive({ lease: 2, driver: kBob });
  scene.model.requested(0);
  refuse();
  assert.equal(told(), 'To take over needs the right “admin”.');
});

test('a stop at the robot itself is one, too', () => {
  const scene = new Scene();
  scene.mine();
  scene.gate({ state: 'emergency', reason: 'emergency', by: 'the button' });
  assert.deepEqual([scene.view().emergency, scene.view().obstacle], ['confirmed', 'emergency']);
  assert.match(words.emergencyWords(scene.view(), true), /By the button/);
});

test('only admins clear, and only what there is', () => {
  const scene = new Scene();
  scene.drive();
  assert.equal(scene.view({ mayAdmin: true }).mayClear, false);
  scene.drive({ emergency: { by: 'Kim', why: '', confirmed: true } });
  assert.deepEqual([scene.view({ mayAdmin: true }).mayClear, scene.view().mayClear], [true, false]);
  assert.doesNotMatch(words.emergencyWords(scene.view({ mayAdmin: true }), true), /cleared at/);
});

test('an old robot’s stop is the server’s, and says so', () => {
  const scene = new Scene();
  scene.drive({ gated: false, emergency: { by: 'Kim', why: '', confirmed: false } });
  assert.match(words.emergencyWords(scene.view(), true), /the server lets no command pass/);
});

test('a connection that is lost takes all along that it said', () => {
  const scene = new Scene();
  scene.mine();
  scene.gate();
  scene.model.forget();
  assert.deepEqual([scene.model.isKnown, scene.view().mine], [false, false]);
  assert.equal(scene.view().obstacle, 'no-connection');
  assert.equal(words.whoDrives(scene.view()), '–');
  scene.drive();
  assert.equal(scene.view().obstacle, undefined);
});
