// Finds words in the texts of works: loads files of the index, which call `found`, when they are needed. It keeps nothing.
(function () {
  try {
    var FIRST = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
    var SYLLABLES = "가깋까낗나닣다딯따띻라맇마밓바빟빠삫사싷싸앃아잏자짛짜찧차칳카킿타팋파핗하힣"; // the first and the last that each begins
    function words(element) { return document.createTextNode(element.getAttribute("data-words")); }
    function plain(text) {
      if (text.normalize) { text = text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC"); }
      return text.toLowerCase().replace(/[\u064b-\u0652\u0640]/g, "");
    }
    var SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-";
    var DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u30fa\u30fc-\u30ff\u3131-\u314e\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff";
    var BETWEEN = "\\0-/:-@\\[-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965\u2000-\u206f\u20a0-\u20cf\u2100-\u214f\u2190-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3006-\u3020\u3030\u303d\u30fb\ud800-\udfff\ufe30-\ufe6f\ufeff-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufffc-\uffff";
    var RUN = new RegExp("[" + DENSE + "]+|[^" + DENSE + BETWEEN + "]+", "g"), IS_DENSE = new RegExp("[" + DENSE + "]");
    var LONGEST = 24, MOST_INDEX = 3, MOST_FILES = 6, AT_ONCE = 10, AROUND = 90;
    var texts = document.getElementById("texts"), box = document.getElementById("find"), none = document.getElementById("none"), last = "", files = [], waiting = [], heading, list, more, timer, query = {}, index;
    // Loads a file of the index once; one that does not come is as one without words.
    function load(number, then) {
      var script;
      if (files[number] !== undefined) { then(); return; }
      if (waiting[number]) { waiting[number].push(then); return; }
      waiting[number] = [then];
      script = document.createElement("script");
      script.charset = "utf-8";
      script.src = "find/" + Math.floor(number / 500) + "/" + number % 500 + ".txt";
      script.onerror = function () { come(number, ""); };
      document.body.appendChild(script);
    }
    function come(number, data) {
      var then = waiting[number] || [], i;
      files[number] = data;
      waiting[number] = null;
      for (i = 0; i < then.length; i++) { then[i](); }
    }
    function loadAll(numbers, then) {
      var left = numbers.length + 1, i;
      function one() { left--; if (!left) { then(); } }
      for (i = 0; i < numbers.length; i++) { load(numbers[i], one); }
      one();
    }
    // The numbers that Golomb-Rice codes of their gaps stand for.
    function unpacked(code) {
      var parameter = SIGNS.indexOf(code.charAt(0)), most = code.length * 6, at = 6, number = -1, made = [], i, one, gap, low;
      function bit() {
        one = SIGNS.indexOf(code.charAt(Math.floor(at / 6))) >> 5 - at % 6 & 1;
        at++;
      }
      for (;;) {
        gap = 0;
        low = 0;
        do {
          if (at >= most) { return made; }
          bit();
          gap += one;
        } while (one);
        for (i = 0; i < parameter; i++) { bit(); low = low * 2 + one; }
        number += gap * Math.pow(2, parameter) + low + 1;
        made.push(number);
      }
    }
    function keys(text) { return text ? text.split(" ") : []; }
    function directory() {
      var parts = files[0].split("\t"), i, starts;
      index = { pairs: keys(parts[0]), words: keys(parts[1]), texts: keys(parts[2]), works: [] };
      starts = parts[3] ? unpacked(parts[3]) : [];
      for (i = 0; i < index.texts.length; i++) { index.texts[i] = Number(index.texts[i]); }
      for (i = 0; i < starts.length; i++) { index.works[starts[i]] = true; }
    }
    // The last of the sorted firsts that is not behind the key.
    function place(firsts, key) {
      var low = 0, high = firsts.length, middle;
      while (high - low > 1) {
        middle = low + high >> 1;
        if (firsts[middle] <= key) { low = middle; } else { high = middle; }
      }
      return low;
    }
    function between(firsts, from, to, before) {
      var made = [], i, last = place(firsts, to);
      for (i = place(firsts, from); i <= last && i < firsts.length; i++) { made.push(before + i); }
      return made;
    }
    // A first consonant alone stands for all syllables that begin with it.
    function from(sign) { var i = FIRST.indexOf(sign); return i < 0 ? sign : SYLLABLES.charAt(2 * i); }
    function to(sign) { var i = FIRST.indexOf(sign); return i < 0 ? sign : SYLLABLES.charAt(2 * i + 1); }
    function stands(wanted, sign) { return wanted === sign || (sign >= from(wanted) && sign <= to(wanted)); }
    function pattern(run) {
      var made = "", i, sign;
      for (i = 0; i < run.length; i++) {
        sign = run.charAt(i);
        made += FIRST.indexOf(sign) < 0 ? sign : "[" + sign + from(sign) + "-" + to(sign) + "]";
      }
      return new RegExp(IS_DENSE.test(run) ? made : "(^|[" + DENSE + BETWEEN + "])" + made);
    }
    // What to look up for a run: in which files, and which numbers of units these have for it.
    function lookups(run) {
      var made = [], i;
      function pair(first, second) {
        made.push({
          files: between(index.pairs, from(first) + (second ? from(second) : ""), to(first) + (second ? to(second) : ""), 1),
          units: function (data, units) {
            var groups = /!([^\x00-\x7f])([^!]*)/g, entries = /([^\x00-\x7f]?)([\w-]+)/g, group, entry;
            while ((group = groups.exec(data))) {
              if (!stands(first, group[1])) { continue; }
              entries.lastIndex = 0;
              while ((entry = entries.exec(group[2]))) {
                if (second ? entry[1] && stands(second, entry[1]) : !entry[1]) { mark(units, entry[2]); }
              }
            }
          }
        });
      }
      if (!IS_DENSE.test(run)) {
        run = run.substr(0, LONGEST);
        made.push({
          files: between(index.words, run, run + "\uffff", 1 + index.pairs.length),
          units: function (data, units) {
            var parts = data.split(" "), j;
            for (j = 0; j + 1 < parts.length; j += 2) {
              if (parts[j].substr(0, run.length) === run) { mark(units, parts[j + 1]); }
            }
          }
        });
      } else if (run.length === 1) {
        pair(run, "");
      } else {
        for (i = 0; i + 1 < run.length; i++) { pair(run.charAt(i), run.charAt(i + 1)); }
      }
      return made;
    }
    function mark(units, code) {
      for (var i = 0, all = unpacked(code); i < all.length; i++) { units[all[i]] = true; }
    }
    // Looks up at least one pair of each run, and of the others those that need no more files than are read at once.
    function choose(runs, wanted) {
      var left = MOST_INDEX, some = true, turn, i, j, lookup, more;
      for (turn = 0; some; turn++) {
        some = false;
        for (i = 0; i < runs.length; i++) {
          lookup = runs[i].lookups[turn];
          if (!lookup) { continue; }
          some = true;
          more = [];
          for (j = 0; j < lookup.files.length; j++) {
            if (!wanted["n" + lookup.files[j]]) { more.push(lookup.files[j]); }
          }
          if (more.length > left) { continue; }
          left -= more.length;
          for (j = 0; j < more.length; j++) { wanted["n" + more[j]] = true; wanted.push(more[j]); }
          runs[i].chosen.push(lookup);
        }
      }
    }
    // The units in which a run may stand.
    function units(run) {
      var made, next, i, j;
      for (i = 0; i < run.chosen.length; i++) {
        next = [];
        for (j = 0; j < run.chosen[i].files.length; j++) { run.chosen[i].units(files[run.chosen[i].files[j]], next); }
        for (j = 0; made && j < next.length; j++) { next[j] = next[j] && made[j]; }
        made = next;
      }
      return made || [];
    }
    // The works that have every run, those first in which the most stand together.
    function rank(asked) {
      var runs = [], of_run = [], works = [], work, unit, i, hits, size = 0, found = [];
      for (i = 0; i < asked.runs.length; i++) {
        if (asked.runs[i].chosen.length) { runs.push(asked.runs[i]); of_run.push(units(asked.runs[i])); size = Math.max(size, of_run[of_run.length - 1].length); }
      }
      for (unit = 0; unit < size; unit++) {
        if (index.works[unit]) { work = { order: unit, units: [], runs: {}, count: 0, best: 0, often: 0 }; works.push(work); }
        for (i = hits = 0; i < runs.length; i++) {
          if (of_run[i][unit]) {
            hits++;
            if (!work.runs[i]) { work.runs[i] = true; work.count++; }
          }
        }
        if (hits > work.best) { work.best = hits; work.often = 0; work.units.unshift([unit, hits]); }
        else if (hits) { work.units.push([unit, hits]); }
        if (hits && hits === work.best) { work.often++; }
      }
      for (i = 0; i < works.length; i++) { if (runs.length && works[i].count === runs.length) { found.push(works[i]); } }
      found.sort(function (a, b) { return b.best - a.best || b.often - a.often || a.order - b.order; });
      return found;
    }
    // Shows the works in turn, each with the place in a unit in which it says what was asked for; a pair in the index
    // may also come of two words that only look like it.
    function show(asked) {
      var work, unit, file, passage;
      while (asked === query && asked.found.length && asked.shown < asked.most) {
        work = asked.found[0];
        unit = work.units[0][0];
        file = 1 + index.pairs.length + index.words.length + place(index.texts, unit);
        if (files[file] === undefined) {
          if (!asked.left) { break; }
          asked.left--;
          load(file, function () { show(asked); });
          return;
        }
        passage = read(files[file].split("\t\t")[unit - index.texts[place(index.texts, unit)]] || "", asked.runs, work.units.shift()[1]);
        if (passage || !work.units.length) { asked.found.shift(); }
        if (passage) {
          asked.shown++;
          write(passage);
        }
      }
      if (asked !== query) { return; }
      texts.className = "";
      if (asked.shown) { none.style.display = "none"; }
      more.style.display = asked.found.length ? "" : "none";
    }
    // The first text of a unit in which the most runs stand, with its place, if so many stand in the unit as the index says.
    function read(unit, runs, wanted) {
      var parts = unit.split("\t"), best = 0, seen = {}, made, i, j, hits, found, first, plain_text;
      for (i = 2; i + 1 < parts.length; i += 2) {
        plain_text = plain(parts[i + 1]);
        hits = 0;
        for (j = 0; j < runs.length; j++) {
          found = runs[j].pattern.exec(plain_text);
          if (found) {
            if (!hits) { first = found; }
            hits++;
            if (!seen["n" + j]) { seen["n" + j] = true; wanted--; }
          }
        }
        if (hits > best) {
          best = hits;
          made = { href: parts[0] + (parts[i] === "0" ? "" : "#p" + parts[i]), title: parts[1], text: parts[i + 1], start: first.index, size: first[0].length, is_same: plain_text.length === parts[i + 1].length };
        }
      }
      // Without `normalize` what has accents cannot be compared, and the index alone tells that it is there.
      return wanted <= 0 ? made : (!unit.normalize && parts.length > 3 && { href: parts[0], title: parts[1], text: parts[3], is_same: false });
    }
    function write(passage) {
      var line = document.createElement("p"), link = document.createElement("a"), bold = document.createElement("b"), text = passage.text, from = 0, end = text.length, start = passage.start;
      if (passage.is_same) {
        from = Math.max(0, Math.max(text.lastIndexOf(". ", start), text.lastIndexOf("? ", start), text.lastIndexOf("! ", start), text.lastIndexOf("。", start)) + 1, start - AROUND);
        end = Math.min(end, start + passage.size + AROUND);
      } else {
        end = Math.min(end, 2 * AROUND);
        start = end;
      }
      line.className = "found";
      line.dir = "auto";
      link.href = passage.href;
      link.appendChild(document.createTextNode(passage.title));
      line.appendChild(link);
      line.appendChild(document.createTextNode(" " + (from ? "… " : "") + text.substring(from, start)));
      if (passage.is_same) {
        bold.appendChild(document.createTextNode(text.substr(start, passage.size)));
        line.appendChild(bold);
        line.appendChild(document.createTextNode(text.substring(start + passage.size, end)));
      }
      if (end < text.length) { line.appendChild(document.createTextNode(" …")); }
      if (!list.firstChild) { heading.style.display = ""; }
      list.appendChild(line);
    }
    function ask() {
      var runs = plain(box.value).match(RUN) || [], asked = { runs: [], wanted: [], found: [], left: MOST_FILES, shown: 0, most: AT_ONCE }, known = {}, i;
      query = asked;
      last = box.value;
      while (list.firstChild) { list.removeChild(list.firstChild); }
      heading.style.display = more.style.display = "none";
      if (!runs.length) { texts.className = ""; return; }
      load(0, function () {
        if (!index) { directory(); }
        for (i = 0; i < runs.length; i++) {
          if (!known["-" + runs[i]]) { asked.runs.push({ pattern: pattern(runs[i]), lookups: lookups(runs[i]), chosen: [] }); }
          known["-" + runs[i]] = true;
        }
        choose(asked.runs, asked.wanted);
        asked.left -= asked.wanted.length;
        loadAll(asked.wanted, function () {
          if (asked !== query) { return; }
          asked.found = rank(asked);
          show(asked);
        });
      });
    }
    function prepare() {
      window.found = come;
      heading = document.createElement("h2");
      heading.appendChild(words(texts));
      list = document.createElement("div");
      more = document.createElement("button");
      more.appendChild(document.createTextNode(texts.getAttribute("data-more")));
      more.onclick = function () { query.left = MOST_FILES; query.most += AT_ONCE; show(query); };
      texts.appendChild(heading);
      texts.appendChild(list);
      texts.appendChild(more);
      heading.style.display = more.style.display = "none";
    }
    function changed() {
      if (box.value === last) { return; }
      last = box.value;
      texts.className = "busy";
      clearTimeout(timer);
      timer = setTimeout(ask, 200);
    }
    function also(before) { return function (event) { before(event); changed(); }; }
    prepare();
    box.oninput = also(box.oninput);
    box.onkeyup = also(box.onkeyup);
    box.onkeydown = also(box.onkeydown);
    ask();
  } catch (ignored) { }
})();
