(function () {
  try {
    var FIRST = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
    var LAST = ",ㄱ,ㄲ,ㄱㅅ,ㄴ,ㄴㅈ,ㄴㅎ,ㄷ,ㄹ,ㄹㄱ,ㄹㅁ,ㄹㅂ,ㄹㅅ,ㄹㅌ,ㄹㅍ,ㄹㅎ,ㅁ,ㅂ,ㅂㅅ,ㅅ,ㅆ,ㅇ,ㅈ,ㅊ,ㅋ,ㅌ,ㅍ,ㅎ".split(",");
    var VOWELS = "ㅏ,ㅐ,ㅑ,ㅒ,ㅓ,ㅔ,ㅕ,ㅖ,ㅗ,ㅗㅏ,ㅗㅐ,ㅗㅣ,ㅛ,ㅜ,ㅜㅓ,ㅜㅔ,ㅜㅣ,ㅠ,ㅡ,ㅡㅣ,ㅣ".split(",");
    var PAIRS = { "ㅘ": "ㅗㅏ", "ㅙ": "ㅗㅐ", "ㅚ": "ㅗㅣ", "ㅝ": "ㅜㅓ", "ㅞ": "ㅜㅔ", "ㅟ": "ㅜㅣ", "ㅢ": "ㅡㅣ", "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ" };
    var works = [], sections = [], box = document.getElementById("find"), none = document.getElementById("none"), last = "";
    function words(element) { return document.createTextNode(element.getAttribute("data-words")); }
    function has(element, name) { return (" " + element.className + " ").indexOf(" " + name + " ") >= 0; }
    function plain(text) { return text.toLowerCase().replace(/[\u064b-\u0652\u0640]/g, ""); }
    function folded(text) {
      if (text.normalize) { text = text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC"); }
      return text;
    }
    function letters(text) {
      var i, code, sign, made = "";
      for (i = 0; i < text.length; i++) {
        code = text.charCodeAt(i) - 44032;
        if (code >= 0 && code < 11172) {
          made += FIRST.charAt(Math.floor(code / 588)) + VOWELS[Math.floor(code % 588 / 28)] + LAST[code % 28];
        } else {
          sign = text.charAt(i);
          made += PAIRS[sign] || sign;
        }
      }
      return made;
    }
    function firsts(text) {
      return text.replace(/[\uac00-\ud7a3]/g, function (sign) {
        return FIRST.charAt(Math.floor((sign.charCodeAt(0) - 44032) / 588));
      });
    }
    function collect() {
      var all = document.getElementsByTagName("*"), i, element, section, work;
      for (i = 0; i < all.length; i++) {
        element = all[i];
        if (has(element, "section")) {
          section = { element: element, works: [] };
          sections.push(section);
        } else if (has(element, "work")) {
          work = { element: element, text: element.title || "", shown: true };
          works.push(work);
          section.works.push(work);
        } else if (has(element, "title") || has(element, "authors") || has(element, "series") || has(element, "summary")) {
          work.text += " " + (element.textContent || "");
        }
      }
      for (i = 0; i < works.length; i++) {
        work = works[i];
        work.text = plain(folded(work.text));
        work.firsts = firsts(work.text);
        work.letters = letters(work.text);
      }
    }
    function meets(work, words) {
      for (var i = 0; i < words.length; i++) {
        if (words[i].firsts ? work.firsts.indexOf(words[i].firsts) < 0 : work.letters.indexOf(words[i].letters) < 0) { return false; }
      }
      return true;
    }
    function find() {
      if (box.value === last) { return; }
      last = box.value;
      var asked = plain(folded(last)).split(/\s+/), words = [], found = 0, i, j, shown, some;
      for (i = 0; i < asked.length; i++) {
        if (asked[i]) { words.push({ letters: letters(asked[i]), firsts: /^[\u3131-\u314e]+$/.test(asked[i]) && asked[i] }); }
      }
      if (!works.length) { collect(); }
      for (i = 0; i < sections.length; i++) {
        some = 0;
        for (j = 0; j < sections[i].works.length; j++) {
          shown = meets(sections[i].works[j], words);
          if (shown) { some++; }
          if (shown !== sections[i].works[j].shown) {
            sections[i].works[j].shown = shown;
            sections[i].works[j].element.style.display = shown ? "" : "none";
          }
        }
        sections[i].element.style.display = some ? "" : "none";
        found += some;
      }
      none.style.display = found ? "none" : "";
    }
    box.autocomplete = "off";
    box.autocapitalize = "none";
    box.spellcheck = false;
    box.value = "";
    box.type = "text";
    box.oninput = box.onkeyup = find;
    box.onkeydown = function (event) {
      if ((event || window.event).keyCode === 27) { box.value = ""; find(); }
    };
    document.getElementById("asked").appendChild(words(document.getElementById("asked")));
    none.style.display = "none";
    none.appendChild(words(none));
    box.parentNode.parentNode.className = "find";
  } catch (ignored) { }
})();
