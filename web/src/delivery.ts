/** How what is sent on a channel is delivered (RFC 8832 section 5.1), for people to choose from. */
export type Delivery = 'reliable' | 'recent' | 'once';

export const kDeliveries: readonly { name: Delivery; init: RTCDataChannelInit }[] = [
  { name: 'reliable', init: {} },
  {
    name: 'recent',
    init: { ordered: false, maxPacketLifeTime: 300 },
  },
  { name: 'once', init: { ordered: false, maxRetransmits: 0 } },
];

/** The options to open a channel with. */
export function channelInit(delivery: Delivery): RTCDataChannelInit {
  return kDeliveries.find(({ name }) => name === delivery)?.init ?? {};
}

/**
 * Whether a message may go to the browser now, while so many bytes wait there. No browser drops by
 * age all that waits: what would wait is better not sent, unless it must arrive.
 */
export function maySend(delivery: Delivery, waitingBytes: number, pathLost: boolean): boolean {
  return delivery === 'reliable' || (waitingBytes === 0 && !pathLost);
}
