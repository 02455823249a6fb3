// Telex and VNI for computers without a Vietnamese keyboard: one typed key at a time, on the word
// before the caret. Tones go where most offices put them (hòa, thủy).
"use strict";
(() => {
  const TONES = { s: "\u0301", f: "\u0300", r: "\u0309", x: "\u0303", j: "\u0323" };
  const TONE = /[\u0301\u0300\u0309\u0303\u0323]/g;
  const HAT = { a: "â", e: "ê", o: "ô" };
  const HOOK = { a: "ă", o: "ơ", u: "ư" };
  const VOWELS = "aăâeêioôơuưy";

  const toneOf = (word) => (word.normalize("NFD").match(TONE) ?? [""])[0];
  const plain = (word) => word.normalize("NFD").replace(TONE, "").normalize("NFC");
  const like = (letter, model) => (model === model.toUpperCase() && model !== model.toLowerCase() ? letter.toUpperCase() : letter);

  // Where the tone stands in a word without tones; -1 where it has no vowel.
  function place(word) {
    const low = word.toLowerCase();
    let start = [...low].findIndex((each) => VOWELS.includes(each));
    if (start < 0) return -1;
    if (/^(?:qu|gi)[aăâeêioôơuưy]/.test(low)) start = 2;
    let end = start;
    while (end < low.length && VOWELS.includes(low[end])) end += 1;
    const group = low.slice(start, end);
    for (const marks of ["êơ", "âăôư"]) {
      const at = Math.max(...[...marks].map((each) => group.lastIndexOf(each)));
      if (at >= 0) return start + at;
    }
    if (group.length === 1) return start;
    if (end < low.length) return end - 1;
    return group.length === 3 ? start + 1 : start;
  }

  function toned(word, tone) {
    const at = place(word);
    if (!tone || at < 0) return word;
    return word.slice(0, at) + (word[at] + tone).normalize("NFC") + word.slice(at + 1);
  }

  // The word with the letter at ``at`` exchanged for another mark; null where there is nothing to do.
  function marked(word, table, keys) {
    for (let at = word.length - 1; at >= 0; at -= 1) {
      const low = word[at].toLowerCase();
      if (keys.includes(low)) return word.slice(0, at) + like(table[low], word[at]) + word.slice(at + 1);
    }
    return null;
  }

  // The horn: on both of "uo", else on the last o, else (Telex) on a or u, (VNI) on u.
  function horned(base, others) {
    const pair = /u(?=o)/i.exec(base);
    const changed = marked(base, HOOK, ["o"]) ?? marked(base, HOOK, others);
    if (!pair || !changed || /^qu/i.test(base)) return changed;
    return changed.slice(0, pair.index) + like("ư", base[pair.index]) + changed.slice(pair.index + 1);
  }

  const VNI_TONES = { 1: "s", 2: "f", 3: "r", 4: "x", 5: "j" };

  // What a word becomes when the digit ``key`` is typed behind it.
  function typedVni(word, key) {
    const tone = toneOf(word);
    const base = plain(word);
    const mark = TONES[VNI_TONES[key]];
    if (mark && place(base) >= 0) return tone === mark ? base + key : toned(base, mark);
    if (key === "0" && tone) return base;
    let changed = null;
    if (key === "6") changed = marked(base, HAT, ["a", "e", "o"]);
    if (key === "7") changed = horned(base, ["u"]);
    if (key === "8") changed = marked(base, HOOK, ["a"]);
    if (key === "9" && /^d/i.test(base)) changed = like("đ", base[0]) + base.slice(1);
    return toned(changed ?? base + key, tone);
  }

  // What a word becomes when ``key`` is typed behind it.
  function typed(word, key) {
    const low = key.toLowerCase();
    const tone = toneOf(word);
    const base = plain(word);
    if (low in TONES && place(base) >= 0) {
      return tone === TONES[low] ? base + key : toned(base, TONES[low]);
    }
    if (low === "z" && tone) return base;
    let changed = null;
    if (low in HAT) changed = marked(base, HAT, [low]);
    if (low === "d" && /^d/i.test(base)) changed = like("đ", base[0]) + base.slice(1);
    if (low === "w") changed = horned(base, ["a", "u"]) ?? base + like("ư", key);
    return toned(changed ?? base + key, tone);
  }

  // ``method``: "telex" or "vni".
  window.composeVietnamese = (input, key, method) => {
    const caret = input.selectionStart;
    const before = input.value.slice(0, caret);
    if (!key || !(method === "vni" ? /^\d$/ : /^[a-z]$/i).test(key) || !before.endsWith(key)) return;
    const word = /[\p{L}\p{M}]*$/u.exec(before.slice(0, -1))[0];
    const start = caret - 1 - word.length;
    const composed = method === "vni" ? typedVni(word, key) : typed(word, key);
    input.setRangeText(composed, start, caret, "end");
  };
})();
