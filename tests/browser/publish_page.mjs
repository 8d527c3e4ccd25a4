// Runs in a page of the server's: a robot made of a browser, speaking Spider.

/**
 * Publishes the camera with one codec and the channels `metric` and `stream`. Resolves when the
 * path stands; leaves `robot.send(text)`, `robot.received` and `robot.peer` behind. `relay`, udp or
 * tcp, takes only the server's own relay by that; `without` leaves out the server's candidates with
 * this text in them; `encodings` are simulcast layers of a larger picture.
 */
export async function publishCamera({ url, codec, relay, without, encodings }) {
  const size = encodings ? { width: 1280, height: 720 } : { width: 640, height: 480 };
  const stream = await navigator.mediaDevices.getUserMedia({ video: size });
  const configuration = {};
  if (relay) {
    const offered = await (await fetch('/api/ice')).json();
    configuration.iceTransportPolicy = 'relay';
    configuration.iceServers = offered.iceServers
      .map((ice) => ({ ...ice, urls: ice.urls.filter((each) => each.endsWith(`=${relay}`)) }))
      .filter(({ urls }) => urls.length > 0);
  }
  const chosen = (line) => !(without && line.startsWith('a=candidate') && line.includes(without));
  const peer = new RTCPeerConnection(configuration);
  const metric = peer.createDataChannel('metric');
  const commands = peer.createDataChannel('stream');
  const received = [];
  commands.onmessage = ({ data }) => received.push(data);
  globalThis.robot = { send: (text) => metric.send(text), received, peer };

  const sender = peer.addTransceiver(stream.getVideoTracks()[0], {
    direction: 'sendonly',
    streams: [stream],
    ...(encodings && { sendEncodings: encodings }),
  });
  const wanted = RTCRtpSender.getCapabilities('video').codecs.filter(
    ({ mimeType }) => mimeType === `video/${codec}` || mimeType === 'video/rtx',
  );
  sender.setCodecPreferences(wanted);

  const socket = new WebSocket(url);
  await new Promise((resolve) => (socket.onopen = resolve));
  const say = (type, data) => socket.send(JSON.stringify({ type, data }));
  peer.onicecandidate = ({ candidate }) =>
    candidate && say('candidate2', JSON.stringify(candidate));
  const connected = new Promise((resolve, reject) => {
    metric.onopen = resolve;
    socket.onmessage = async ({ data }) => {
      if (data === 'close') return reject(new Error('the server closed the session'));
      const message = JSON.parse(data);
      if (message.type === 'error') reject(new Error(message.data));
      if (message.type === 'answer')
        await peer.setRemoteDescription({
          type: 'answer',
          sdp: message.data.split('\n').filter(chosen).join('\n'),
        });
    };
  });
  await peer.setLocalDescription();
  say('offer', peer.localDescription.sdp);
  await connected;
}

/** Switches simulcast layers on and off: those named stay. */
export async function sendOnly(rids) {
  const [sender] = globalThis.robot.peer.getSenders();
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings) encoding.active = rids.includes(encoding.rid);
  await sender.setParameters(parameters);
}

/**
 * Publishes the camera without data channels, stops its only transceiver, and begins again with
 * another one on the same connection. Resolves when all that was offered is answered; says what the
 * three answers made of the sections: their ports.
 */
export async function stopAndBeginAgain({ url }) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
  const peer = new RTCPeerConnection();
  const socket = new WebSocket(url);
  await new Promise((resolve) => (socket.onopen = resolve));
  const ports = [];
  const negotiate = async () => {
    const answered = new Promise((resolve, reject) => {
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        if (message.type === 'error') reject(new Error(message.data));
        if (message.type === 'answer') resolve(message.data);
      };
    });
    await peer.setLocalDescription();
    socket.send(JSON.stringify({ type: 'offer', data: peer.localDescription.sdp }));
    const sdp = await answered;
    ports.push([...sdp.matchAll(/^m=\w+ (\d+)/gm)].map(([, port]) => Number(port)));
    await peer.setRemoteDescription({ type: 'answer', sdp });
  };
  const publish = () =>
    peer.addTransceiver(stream.getVideoTracks()[0], { direction: 'sendonly', streams: [stream] });
  const first = publish();
  await negotiate();
  first.stop();
  await negotiate();
  publish();
  await negotiate();
  globalThis.robot = { peer, socket };
  return ports;
}

/** Whether this browser can send that codec. */
export function canSend(codec) {
  return RTCRtpSender.getCapabilities('video').codecs.some(
    ({ mimeType }) => mimeType === `video/${codec}`,
  );
}
