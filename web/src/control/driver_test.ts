import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Driver, type Situation } from './driver.ts';
import { type DriveNotice, type GateReport, type GateState, kUsualSettings } from './messages.ts';

const kForward = { steering: 0, throttle: 1 };
const kTickMs = 20;

function notice(more: Partial<DriveNotice> = {}): DriveNotice {
  return {
    ...{ lease: 3, driver: { id: 5, name: 'Kim' }, mine: true, asking: undefined, gated: true },
    emergency: undefined,
    ...more,
  };
}

function report(state: GateState, more: Partial<GateReport> = {}): GateReport {
  return {
    ...{ state, reason: '', lease: 3, sequence: 1, delayMs: 80, factor: 1, verdicts: new Map() },
    ...{ stops: 0, by: '', settings: kUsualSettings },
    ...more,
  };
}

/** A driver at a page in virtual time, with a gate that says the same again and again. */
class Scene {
  readonly driver = new Driver();
  now = 0;
  gate: GateReport | undefined = report('driven');
  held = false;
  blocked = false;
  clock: Situation['clock'] = { serverUs: 1_000_000, boundUs: 500 };
  sequences: number[] = [];

  constructor(first = notice()) {
    this.driver.onNotice(first);
  }

  /** The throttle of the last command in so many milliseconds; undefined: none was given. */
  run(ms = kTickMs): number | undefined {
    let throttle: number | undefined;
    for (const end = this.now + ms; this.now < end; this.now += kTickMs) {
      if (this.gate) this.driver.onReport(this.gate, this.now);
      throttle = this.tick();
    }
    return throttle;
  }

  tick(): number | undefined {
    const { now, blocked, clock } = this;
    const wish = this.held ? kForward : { steering: 0, throttle: 0 };
    const command = this.driver.next({
      ...{ now, blocked, clock, wish, atRest: !this.held, sawRtp: 7 },
    });
    if (!command) return undefined;
    this.sequences.push(command.sequence);
    this.driver.onSent(now);
    return command.axes.throttle;
  }

  /** Whatever just happened: what is held moves nothing before it was let go. */
  assertNeedsRest(): void {
    assert.equal(this.run(1000), 0, 'moves by itself');
    this.held = false;
    this.run();
    this.held = true;
    assert.equal(this.run(), 1, 'doesn’t move again');
  }
}

/** One that drives forward. */
function driving(first = notice()): Scene {
  const scene = new Scene(first);
  scene.run();
  scene.held = true;
  assert.equal(scene.run(), 1);
  return scene;
}

test('nobody who doesn’t drive gives commands', () => {
  assert.equal(new Scene(notice({ mine: false })).run(), undefined);
  assert.equal(new Driver().drives, false);
});

test('while it drives a page gives neutral commands, too, each with the next number', () => {
  const scene = new Scene();
  assert.equal(scene.run(100), 0);
  assert.deepEqual(scene.sequences, [1, 2, 3, 4, 5]);
});

test('a command has the server’s time, its life and the picture', () => {
  const scene = new Scene();
  const settings = { ...kUsualSettings, life: 120 };
  scene.driver.onReport(report('driven', { settings }), 0);
  const command = scene.driver.next({
    ...{ now: 0, wish: kForward, atRest: true, clock: { serverUs: 5, boundUs: 2 } },
    ...{ sawRtp: 9, blocked: false },
  });
  assert.deepEqual(command, {
    ...{ lease: 3, sequence: 1, givenUs: 5, boundUs: 2, lifeMs: 120, axes: kForward, sawRtp: 9 },
  });
});

test('what is held when the lease comes has to be let go first', () => {
  const scene = new Scene();
  scene.held = true;
  scene.assertNeedsRest();
});

test('nothing moves before the robot’s gate lets commands pass', () => {
  for (const gate of [undefined, report('stopped'), report('driven', { lease: 2 })]) {
    const scene = new Scene();
    scene.gate = gate;
    scene.run(100);
    scene.held = true;
    assert.equal(scene.run(1000), 0);
    scene.gate = report('driven');
    scene.assertNeedsRest();
  }
});

test('an old robot without a gate is driven, too', () => {
  const scene = new Scene(notice({ gated: false }));
  scene.gate = undefined;
  scene.run();
  scene.held = true;
  assert.equal(scene.run(60_000), 1);
});

test('after each stop of the gate’s all has to be let go first', () => {
  for (const state of ['stopped', 'emergency', 'idle'] as const) {
    const scene = driving();
    scene.gate = report(state);
    assert.equal(scene.run(), 0, state);
    scene.gate = report('driven');
    scene.assertNeedsRest();
  }
});

test('a gate that only warns lets pass', () => {
  const scene = driving();
  scene.gate = report('warned');
  assert.equal(scene.run(1000), 1);
});

test('a gate that says nothing any more counts as a stop', () => {
  const scene = driving();
  scene.gate = undefined;
  assert.equal(scene.run(1000), 1);
  assert.equal(scene.run(1000), 0);
  scene.gate = report('driven');
  scene.assertNeedsRest();
});

test('a page that is held up has to begin at rest again', () => {
  const scene = driving();
  scene.now += 150;
  assert.equal(scene.run(), 1);
  scene.now += 250;
  scene.assertNeedsRest();
});

test('commands that can’t be sent for too long are as if the page was held up', () => {
  const scene = driving(notice({ gated: false }));
  const { driver } = scene;
  const stuck = { wish: kForward, atRest: false, clock: scene.clock, sawRtp: 1, blocked: false };
  for (const end = scene.now + 240; scene.now < end; scene.now += kTickMs) {
    driver.next({ ...stuck, now: scene.now });
  }
  scene.assertNeedsRest();
});

test('whatever was let go is neutral at once, and stays so until all is at rest', () => {
  const scene = driving();
  scene.driver.letGo();
  assert.equal(scene.tick(), 0);
  scene.assertNeedsRest();
});

test('a picture that is too old is neutral, and what is held then has to be let go', () => {
  const scene = driving();
  scene.blocked = true;
  assert.equal(scene.run(), 0);
  scene.blocked = false;
  scene.assertNeedsRest();
});

test('an emergency stop is neutral until it is cleared, and then all has to be let go', () => {
  for (const gated of [true, false]) {
    const scene = driving(notice({ gated }));
    const emergency = { by: 'Bob', why: '', confirmed: false };
    scene.driver.onNotice(notice({ gated, emergency }));
    scene.held = false;
    assert.equal(scene.run(100), 0);
    scene.held = true;
    assert.equal(scene.run(100), 0);
    scene.driver.onNotice(notice({ gated }));
    scene.assertNeedsRest();
  }
});

test('without the server’s clock no command is given', () => {
  const scene = driving();
  scene.clock = undefined;
  assert.equal(scene.run(100), undefined);
  scene.clock = { serverUs: 0, boundUs: 0 };
  scene.assertNeedsRest();
});

test('a lease that ended gives no command, and the next one begins at one and at rest', () => {
  const scene = driving();
  scene.driver.onNotice(notice({ mine: false, driver: undefined, lease: 0 }));
  assert.equal(scene.run(), undefined);
  scene.gate = report('driven', { lease: 4 });
  scene.driver.onNotice(notice({ lease: 4 }));
  scene.sequences = [];
  scene.assertNeedsRest();
  assert.equal(scene.sequences[0], 1);
});

test('the same lease after a break goes on counting', () => {
  const scene = driving();
  const before = scene.sequences[scene.sequences.length - 1] ?? 0;
  scene.driver.onNotice(undefined);
  assert.equal(scene.run(100), undefined);
  scene.sequences = [];
  scene.driver.onNotice(notice());
  scene.assertNeedsRest();
  assert.equal(scene.sequences[0], before + 1);
});

test('from when it is given back a lease gives neutral only', () => {
  const scene = driving();
  scene.driver.finish();
  assert.equal(scene.run(), 0);
  scene.held = false;
  scene.run(100);
  scene.held = true;
  assert.equal(scene.run(1000), 0);
});

test('a lease that is given gives neutral only, unless the one who asked is gone', () => {
  const asking = { id: 6, name: 'Bob' };
  const scene = driving(notice({ asking }));
  scene.driver.give();
  assert.equal(scene.run(), 0);
  scene.held = false;
  scene.run(100);
  scene.held = true;
  assert.equal(scene.run(100), 0);
  scene.driver.onNotice(notice());
  scene.assertNeedsRest();
});

test('numbers never repeat within a lease, whatever happens', () => {
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  const scene = new Scene();
  const states = ['driven', 'stopped', 'warned', 'emergency'] as const;
  for (let step = 0; step < 5000; ++step) {
    const happenings = [
      () => (scene.held = !scene.held),
      () => (scene.gate = random(5) > 0 ? report(states[random(4)] ?? 'idle') : undefined),
      () => scene.driver.letGo(),
      () => scene.driver.onNotice(random(2) > 0 ? notice() : undefined),
      () => (scene.blocked = random(3) === 0),
      () => (scene.now += random(400)),
    ];
    happenings[random(happenings.length)]?.();
    const restless = scene.held;
    const armed = scene.driver.isArmed;
    scene.run();
    // Nothing begins to move in a moment in which something is held.
    if (restless && !armed) assert.equal(scene.driver.isArmed, false);
  }
  scene.sequences.forEach((sequence, at) => assert.equal(sequence, at + 1));
});
