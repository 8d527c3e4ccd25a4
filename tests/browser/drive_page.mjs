// Runs in a page of the console, before it is loaded: stands in for the server's and the robot's side of driving.

/**
 * Takes the place of the two data channels, which the server knows nothing of then, and keeps what is
 * sent on them in `window.stage`. The robot there has a gate that lets commands pass once one was
 * neutral. `gated`, `silent`: it has none, and nobody says anything of driving.
 */
export function standIn({ gated = true, silent = false, lease = 3 } = {}) {
  const kLabels = ['rtcpub.lease', 'rtcpub.control'];
  const create = RTCPeerConnection.prototype.createDataChannel;
  const stage = {
    commands: [],
    said: [],
    channels: {},
    drive: { lease: 0, mine: false, gated },
    gate: {
      state: 'idle',
      reason: 'nobody',
      lease: 0,
      seq: 0,
      factor: 1,
      verdicts: {},
    },
    say: (label, message) => stage.channels[label]?.onmessage?.({ data: JSON.stringify(message) }),
    /** The server's word of who drives, changed by this. */
    tell: (more) => {
      Object.assign(stage.drive, more);
      stage.say('rtcpub.lease', { drive: stage.drive });
    },
    report: (more) => {
      Object.assign(stage.gate, more);
      if (gated) stage.say('rtcpub.control', { gate: stage.gate });
    },
    grant: () => {
      stage.report({ state: 'stopped', reason: 'new-driver', lease });
      stage.tell({
        lease,
        mine: true,
        driver: { id: 5, name: 'Kim' },
        asking: undefined,
      });
    },
  };
  window.stage = stage;

  const onLease = (message) => {
    stage.said.push(message);
    if (message.request && stage.drive.lease === 0) stage.grant();
    if (message.release) stage.tell({ lease: 0, mine: false, driver: undefined });
  };
  const onCommand = ({ command }) => {
    stage.commands.push({ ...command, at: performance.now() });
    const isNeutral = Object.keys(command.axes).length === 0;
    const { state, reason } = stage.gate;
    if (state === 'stopped' && reason !== 'not-ready' && isNeutral) {
      stage.report({ state: 'driven', reason: '' });
    }
    stage.gate.seq = command.seq;
  };
  const channel = (peer, label) => {
    const made = {
      ...{
        label,
        readyState: 'connecting',
        bufferedAmount: 0,
        onmessage: null,
      },
      send: (text) => (label === 'rtcpub.lease' ? onLease : onCommand)(JSON.parse(text)),
      close: () => (made.readyState = 'closed'),
    };
    peer.addEventListener('connectionstatechange', () => {
      if (peer.connectionState !== 'connected' || made.readyState !== 'connecting') return;
      made.readyState = 'open';
      made.onopen?.();
      if (label === 'rtcpub.lease' && !silent) stage.tell({});
    });
    return (stage.channels[label] = made);
  };
  RTCPeerConnection.prototype.createDataChannel = function (label, init) {
    return kLabels.includes(label) ? channel(this, label) : create.call(this, label, init);
  };
  setInterval(() => stage.drive.lease > 0 && stage.report({}), 50);
}

/** A gamepad that `window.pad` is moved by: standard, nothing pressed. */
export function fakeGamepad() {
  const button = () => ({ pressed: false, touched: false, value: 0 });
  window.pad = {
    ...{
      id: 'Test Pad',
      index: 0,
      connected: true,
      mapping: 'standard',
      timestamp: 0,
    },
    ...{ axes: [0, 0, 0, 0], buttons: Array.from({ length: 17 }, button) },
  };
  navigator.getGamepads = () => [window.pad];
}

/** Commands are kept from now on only. */
export function forgetCommands() {
  window.stage.commands = [];
}

/** The commands that were given. */
export function commands() {
  return window.stage.commands;
}
