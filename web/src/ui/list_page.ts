import type { Refusal } from '../access.ts';
import { BusyError, RefusedError } from '../api.ts';
import { isChannelId, kChannelIdRule } from '../channel_id.ts';
import { type ChannelInfo, fetchChannels } from '../channels.ts';
import { bitrate, refusal, viewers } from '../words.ts';
import { h, setText } from './dom.ts';
import { header } from './header.ts';
import { publishHint } from './publish_hint.ts';
import { tokenForm } from './token_form.ts';
import { channelUrl } from './urls.ts';

const kRefreshMs = 2000;

/** All channels that one may view with their state, and a box to open one by name. */
export class ListPage {
  private readonly list = h('ul', { class: 'channels', 'data-testid': 'channel-list' });
  private readonly note = h('p', { class: 'note', role: 'status' }, 'Loading …');
  private readonly empty = h(
    'section',
    { class: 'empty', hidden: true },
    h('h2', {}, 'No channel yet'),
    h('p', {}, 'A channel appears as soon as a robot publishes on it. Try it with a test picture:'),
    publishHint('demo'),
  );
  private readonly closed = h('section', { class: 'open', hidden: true });
  private readonly rows = new Map<string, Row>();

  constructor(root: HTMLElement, problem?: string) {
    document.title = 'Channels · RTCPub';
    const main = h('main', { class: 'list' }, h('h1', {}, 'Channels'), this.note, this.list);
    main.append(this.empty, this.closed, openForm(problem));
    root.replaceChildren(header(), main);
  }

  start(): void {
    const refresh = async () => {
      const isSeen = document.visibilityState === 'visible';
      const waitMs = isSeen ? await this.refresh() : kRefreshMs;
      if (waitMs !== undefined) window.setTimeout(() => void refresh(), waitMs);
    };
    void refresh();
  }

  /** When to do it again, in ms; undefined: the server doesn't let this page in. */
  private async refresh(): Promise<number | undefined> {
    try {
      this.show(await fetchChannels());
      document.documentElement.dataset['state'] = 'connected';
    } catch (error) {
      if (error instanceof RefusedError) return this.showRefusal(error.refusal);
      const isBusy = error instanceof BusyError;
      const words = isBusy ? error.message : 'The server does not answer. Trying again …';
      this.tell('reconnecting', words);
      if (isBusy) {
        this.offerField('Trying again later, or at once with another token:');
        return Math.max(kRefreshMs, error.waitMs);
      }
    }
    return kRefreshMs;
  }

  private tell(state: string, words: string): void {
    document.documentElement.dataset['state'] = state;
    this.note.hidden = false;
    setText(this.note, words);
  }

  private showRefusal(why: Refusal): undefined {
    const { title, detail } = refusal(why);
    this.tell('refused', title);
    this.list.replaceChildren();
    this.offerField(detail);
  }

  private offerField(words: string): void {
    const isThere = !this.closed.hidden && this.closed.firstChild?.textContent === words;
    if (isThere) return; // and somebody may be typing in it
    this.closed.hidden = false;
    this.closed.replaceChildren(h('p', {}, words), tokenForm());
  }

  private show(channels: ChannelInfo[]): void {
    this.note.hidden = this.closed.hidden = true;
    this.empty.hidden = channels.length > 0;
    const ids = new Set(channels.map((channel) => channel.id));
    for (const [id, row] of this.rows) {
      if (ids.has(id)) continue;
      row.element.remove();
      this.rows.delete(id);
    }
    for (const channel of channels) this.row(channel.id).show(channel);
  }

  private row(id: string): Row {
    const known = this.rows.get(id);
    if (known) return known;
    const row = new Row(id);
    this.rows.set(id, row);
    this.list.append(row.element);
    return row;
  }
}

class Row {
  readonly element: HTMLLIElement;
  private readonly dot = h('span', { class: 'dot' });
  private readonly state = h('span', { class: 'soft' });
  private readonly viewers = h('span', { class: 'soft' });

  constructor(id: string) {
    const name = h('span', { class: 'name' }, id);
    const attributes = { href: channelUrl(id), 'data-testid': 'channel-link' };
    const about = h('span', { class: 'about' }, this.state, this.viewers);
    this.element = h('li', {}, h('a', attributes, this.dot, name, about));
  }

  show({ publisher, subscribers }: ChannelInfo): void {
    this.dot.dataset['on'] = String(publisher !== undefined);
    const figures = publisher && [
      'live',
      ...(publisher.codec ? [publisher.codec] : []),
      ...(publisher.kbps === undefined ? [] : [bitrate(publisher.kbps)]),
    ];
    setText(this.state, figures?.join(' · ') ?? 'no publisher');
    setText(this.viewers, viewers(subscribers));
  }
}

function openForm(problem?: string): HTMLFormElement {
  const input = h('input', {
    id: 'channel-input',
    name: 'channel',
    'data-testid': 'channel-input',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    placeholder: 'my-robot',
    'aria-describedby': 'channel-problem',
  });
  const complaint = h('p', { id: 'channel-problem', class: 'problem', role: 'alert' });
  complaint.textContent = problem ?? '';
  const form = h(
    'form',
    { class: 'open', action: '/' },
    h('label', { for: 'channel-input' }, 'Open a channel by its ID'),
    h('div', { class: 'row' }, input, h('button', { class: 'primary' }, 'Open')),
    complaint,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const id = input.value.trim();
    if (isChannelId(id)) location.assign(channelUrl(id));
    else setText(complaint, kChannelIdRule);
  });
  return form;
}
