import '../vendor/uplot/uPlot.min.css';
import './style.css';
import { isChannelId, kChannelIdRule } from './channel_id.ts';
import { ChannelPage } from './ui/channel_page.ts';
import { ListPage } from './ui/list_page.ts';

const root = document.body;
const channel = new URLSearchParams(location.search).get('channel');

if (channel !== null && isChannelId(channel)) {
  new ChannelPage(root, channel).start();
} else {
  const problem =
    channel === null ? undefined : `“${channel}” is not a channel ID. ${kChannelIdRule}`;
  new ListPage(root, problem).start();
}
