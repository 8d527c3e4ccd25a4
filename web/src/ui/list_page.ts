import type { Refusal } from '../access.ts';
import { BusyError, RefusedError } from '../api.ts';
import { isChannelId } from '../channel_id.ts';
import { type ChannelInfo, fetchChannels } from '../channels.ts';
import { t } from '../text/text.ts';
import { bitrate, refusal, viewers } from '../words.ts';
import { h, setText } from './dom.ts';
import { header } from './header.ts';
import { languageChoice } from './language.ts';
import { publishHint } from './publish_hint.ts';
import { tokenForm } from './token_form.ts';
import { channelUrl } from './urls.ts';

const kRefreshMs = 2000;

/** All channels that one may view with their state, and a box to open one by name. */
export class ListPage {
  private readonly list = h('ul', { class: 'channels', 'data-testid': 'channel-list' });
  private readonly note = h('p', { class: 'note', role: 'status' }, t('loading'));
  private readonly empty = h(
    'section',
    { class: 'empty', hidden: true },
    h('h2', {}, t('noChannelYet')),
    h('p', {}, t('channelAppears')),
    publishHint('demo'),
  );
  private readonly closed = h('section', { class: 'open', hidden: true });
  private readonly rows = new Map<string, Row>();

  constructor(root: HTMLElement, problem?: string) {
    document.title = `${t('channels')} · RTCPub`;
    const main = h('main', { class: 'list' }, h('h1', {}, t('channels')), this.note, this.list);
    main.append(this.empty, this.closed, openForm(problem));
    root.replaceChildren(header(languageChoice()), main);
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
      const words = isBusy ? error.message : t('serverSilent');
      this.tell('reconnecting', words);
      if (isBusy) {
        this.offerField(t('tryingLaterOrToken'));
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
      t('live'),
      ...(publisher.codec ? [publisher.codec] : []),
      ...(publisher.kbps === undefined ? [] : [bitrate(publisher.kbps)]),
    ];
    setText(this.state, figures?.join(' · ') ?? t('noPublisher'));
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
    h('label', { for: 'channel-input' }, t('openChannel')),
    h('div', { class: 'row' }, input, h('button', { class: 'primary' }, t('open'))),
    complaint,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const id = input.value.trim();
    if (isChannelId(id)) location.assign(channelUrl(id));
    else setText(complaint, t('channelIdRule'));
  });
  return form;
}
