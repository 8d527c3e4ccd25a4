import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortcutOf, takesText } from './keys.ts';

const plain = { ctrlKey: false, altKey: false, metaKey: false, repeat: false };

test('digits choose cameras, and f is full screen, in Korean letters, too', () => {
  assert.deepEqual(shortcutOf({ ...plain, key: '1' }), { kind: 'camera', at: 0 });
  assert.deepEqual(shortcutOf({ ...plain, key: '9' }), { kind: 'camera', at: 8 });
  for (const key of ['f', 'F', 'ㄹ']) {
    assert.deepEqual(shortcutOf({ ...plain, key }), { kind: 'fullScreen' });
  }
  for (const key of ['0', 'a', 'F1', ' ', 'ArrowUp', '12']) {
    assert.equal(shortcutOf({ ...plain, key }), undefined);
  }
});

test('a key with a modifier is the browser’s, and one that is held counts once', () => {
  for (const modifier of ['ctrlKey', 'altKey', 'metaKey', 'repeat']) {
    assert.equal(shortcutOf({ ...plain, key: 'f', [modifier]: true }), undefined, modifier);
  }
});

test('fields take keys as text, buttons and checkboxes don’t', () => {
  for (const field of [
    { tagName: 'INPUT', type: 'text' },
    { tagName: 'INPUT', type: 'password' },
    { tagName: 'TEXTAREA' },
    { tagName: 'SELECT' },
    { tagName: 'DIV', isContentEditable: true },
  ]) {
    assert.ok(takesText(field), field.tagName);
  }
  for (const other of [
    { tagName: 'INPUT', type: 'checkbox' },
    { tagName: 'BUTTON', type: 'button' },
    { tagName: 'BODY' },
  ]) {
    assert.ok(!takesText(other), other.tagName);
  }
});
