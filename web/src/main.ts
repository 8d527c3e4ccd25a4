import '../vendor/uplot/uPlot.min.css';
import './style.css';
import { isChannelId } from './channel_id.ts';
import { takeTokenFromAddress } from './credentials.ts';
import { language, setLanguage, t } from './text/text.ts';
import { ChannelPage } from './ui/channel_page.ts';
import { chosenLanguage } from './ui/language.ts';
import { ListPage } from './ui/list_page.ts';

// First of all, so that nobody sees it in the address bar.
takeTokenFromAddress();
// A link that is opened where its page is already changes nothing but the fragment.
window.addEventListener('hashchange', () => {
  if (takeTokenFromAddress()) location.reload();
});

// Before anything is said.
setLanguage(chosenLanguage());
document.documentElement.lang = language();

const root = document.body;
const channel = new URLSearchParams(location.search).get('channel');

if (channel !== null && isChannelId(channel)) {
  new ChannelPage(root, channel).start();
} else {
  const problem =
    channel === null ? undefined : t('notAChannelId', { text: channel, rule: t('channelIdRule') });
  new ListPage(root, problem).start();
}
