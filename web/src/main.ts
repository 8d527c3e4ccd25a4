import '../vendor/uplot/uPlot.min.css';
import './style.css';
import { isChannelId, kChannelIdRule } from './channel_id.ts';
import { takeTokenFromAddress } from './credentials.ts';
import { ChannelPage } from './ui/channel_page.ts';
import { ListPage } from './ui/list_page.ts';

// First of all, so that nobody sees it in the address bar.
takeTokenFromAddress();
// A link that is opened where its page is already changes nothing but the fragment.
window.addEventListener('hashchange', () => {
  if (takeTokenFromAddress()) location.reload();
});

const root = document.body;
const channel = new URLSearchParams(location.search).get('channel');

if (channel !== null && isChannelId(channel)) {
  new ChannelPage(root, channel).start();
} else {
  const problem =
    channel === null ? undefined : `“${channel}” is not a channel ID. ${kChannelIdRule}`;
  new ListPage(root, problem).start();
}
