import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { isLanguage, kLanguages, languageFor, setLanguage, t } from './text.ts';

const kSource = join(process.cwd(), 'src');

/** The page's sources; not the dictionary itself, nor tests. */
function sources(): { name: string; text: string }[] {
  return (readdirSync(kSource, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.ts') && !name.endsWith('_test.ts'))
    .filter((name) => !/^text\/(drive_)?(en|ko)\.ts$/.test(name))
    .map((name) => ({ name, text: readFileSync(join(kSource, name), 'utf8') }));
}

const english = Object.entries(kLanguages.en.texts);

afterEach(() => setLanguage('en'));

test('each language has all sentences, and each sentence its values', () => {
  const valuesIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const [id, { texts }] of Object.entries(kLanguages)) {
    assert.deepEqual(Object.keys(texts).sort(), english.map(([key]) => key).sort(), id);
    for (const [key, text] of english) {
      const other = (texts as Record<string, string>)[key] ?? '';
      assert.notEqual(other.trim(), '', `${id}: ${key}`);
      assert.deepEqual(valuesIn(other), valuesIn(text), `${id}: ${key}`);
    }
  }
});

test('what is said in Korean is Korean', () => {
  for (const [key, text] of Object.entries(kLanguages.ko.texts)) {
    const isBare = text.replace(/\{\w+\}/g, '').replace(/[^\p{L}]/gu, '') === '';
    assert.ok(isBare || /[가-힣]/.test(text), `${key}: ${text}`);
  }
});

test('no sentence is without use', () => {
  const all = sources()
    .map(({ text }) => text)
    .join('\n');
  const unused = english.map(([key]) => key).filter((key) => !all.includes(`'${key}'`));
  assert.deepEqual(unused, []);
});

test('nothing is said that is not in the dictionary', () => {
  // Two words or more, the first with a capital letter.
  const sentence = /(['"`])[A-Z][a-z]+ [^'"`]*[a-z][^'"`]*\1/g;
  const found = sources().flatMap(({ name, text }) => {
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
    return [...code.matchAll(sentence)].map(([words]) => `${name}: ${words}`);
  });
  // For programs, not for people.
  const allowed = ['api.ts: `HTTP status ${response.status}`', 'credentials.ts: `Bearer ${kept}`'];
  assert.deepEqual(
    found.filter((each) => !allowed.includes(each)),
    [],
  );
});

test('a sentence takes values, and is in the language that was chosen last', () => {
  assert.equal(t('manyViewers', { count: 3 }), '3 viewers');
  setLanguage('ko');
  assert.equal(t('manyViewers', { count: 3 }), '시청자 3명');
  // What looks like one of its own values in a value stays as it is.
  assert.equal(t('until', { time: '{time}' }), '{time}까지');
});

test('the language is the first of a browser’s that there is', () => {
  assert.equal(languageFor(['ko-KR', 'en-US']), 'ko');
  assert.equal(languageFor(['KO']), 'ko');
  assert.equal(languageFor(['de-DE', 'fr', 'ko', 'en']), 'ko');
  assert.equal(languageFor(['en-GB', 'ko']), 'en');
  assert.equal(languageFor(['de']), 'en');
  assert.equal(languageFor([]), 'en');
  assert.ok(!isLanguage('toString') && !isLanguage(null) && isLanguage('ko'));
});
