// The comic reader, in ES3. It scrolls, sizes and unloads pictures; it keeps all it knows in variables.
// It is the same in every document: words, and what layout knows of the comic, stand in data attributes of #comic.
// Whatever fails, all is put back as it is without a script.
(function () {
  var comic = document.getElementById("comic"), pictures = comic.getElementsByTagName("img");
  var page = document.documentElement, notice = document.getElementById("notice"), leaves = [], shapes = [], numbers = [], unloaded = [], tries = [], pixels = 0;
  var bar, buttons = {}, counter, help, barTop = 0, width, height, timer, touch, isHeld = false;
  var said = {}, fit = "", isDouble = false, isOver = false, place = { picture: 0, part: 0, off: 0 };
  // Pixels that every device can hold; screens above and below that stay loaded, and beyond which pictures do not;
  // parts of a screen.
  var FEW = 12000000, LOADED = 3, UNLOADED = 5, STEP = 0.85, EDGE = 0.3, RETRIES = 2;

  function guarded(act) {
    return function (event) {
      if (isOver) { return; }
      try { return act.call(this, event || window.event); } catch (ignored) { giveUp(); }
    };
  }
  function each(list, act) { for (var i = 0; i < list.length; i++) { act(i, list[i]); } }
  function rect(one) { return one.getBoundingClientRect(); }
  function later(act, milliseconds) { return setTimeout(guarded(act), milliseconds); }

  function giveUp() {
    isOver = true;
    if (bar) { bar.className = "bar"; }
    page.className = page.className.replace(" on", "");
    each(pictures, function (i, picture) {
      try { load(i); } catch (ignored) { }
      picture.style.width = picture.style.height = "";
    });
  }

  // A picture out of sight keeps its place, and its address as a node apart from it.
  function unload(i) {
    if (!unloaded[i]) { unloaded[i] = pictures[i].removeAttributeNode(pictures[i].getAttributeNode("src")); }
  }
  function canUnload(picture) {
    var copy = picture.cloneNode(false);
    copy.attributes.setNamedItem(copy.removeAttributeNode(copy.getAttributeNode("src")));
    return copy.getAttribute("src");
  }
  function load(i) {
    var source = unloaded[i];
    unloaded[i] = null;
    if (source) { pictures[i].attributes.setNamedItem(source); }
  }
  function failed(i) {
    if (unloaded[i]) { return; }
    tries[i] = (tries[i] || 0) + 1;
    if (tries[i] <= RETRIES) { later(function () { again(i); }, 1000 * tries[i]); }
    if (tries[i] > RETRIES) { tell("block"); }
    pictures[i].alt = said.retry;
    pictures[i].className = "failed";
  }
  function tell(how) { if (notice) { notice.style.display = how; } }
  function again(i) { if (!unloaded[i]) { unload(i); load(i); } }
  function watch(i, picture) {
    var alt = picture.alt;
    picture.onerror = guarded(function () { failed(i); });
    picture.onload = guarded(function () { tries[i] = 0; picture.alt = alt; picture.className = ""; });
    if (picture.complete && picture.naturalWidth === 0) { failed(i); }
  }
  function settle() {
    if (pixels < FEW) { return; }
    each(pictures, function (i, picture) {
      var box = rect(picture);
      if (box.bottom > -LOADED * height && box.top < (LOADED + 1) * height) { load(i); }
      else if (box.bottom < -UNLOADED * height || box.top > (UNLOADED + 1) * height) { unload(i); }
    });
  }

  // Sizes. Without a choice of the reader's, pages are shown whole on large screens.
  function shape(picture) {
    return { width: +picture.getAttribute("width"), height: +picture.getAttribute("height") };
  }
  function fitting() {
    return fit || (!said.strip && (isDouble || (width >= 960 && height >= 640)) ? "height" : "width");
  }
  function scale(shape, room, mode) {
    var ratio = room / shape.width;
    if (mode === "original") { return 1; }
    if (mode === "height") { ratio = Math.min(ratio, height / shape.height); }
    if (said.strip) { return Math.min(ratio, 720 / shape.width); }
    return fit ? ratio : Math.min(1, ratio, 860 / shape.width);
  }
  function size() {
    var i, room = comic.clientWidth, mode = fitting(), least = Infinity;
    each(pictures, function (i) { least = Math.min(least, scale(shapes[i], room, mode)); });
    each(pictures, function (i, picture) {
      var ratio = said.strip ? least : scale(shapes[i], isPaired(picture) ? room / 2 : room, mode);
      picture.style.width = shapes[i].width * ratio + "px";
      picture.style.height = shapes[i].height * ratio + "px";
    });
    for (i in buttons) { mark(buttons[i], i === mode || (i === "double" && isDouble)); }
  }
  function isPaired(picture) { return / (left|right)/.test(picture.parentNode.className); }
  function pair() {
    var isSecond = false;
    each(leaves, function (i, leaf) {
      var isAlone = !isDouble || spread(i) || (!isSecond && (i + 1 === leaves.length || spread(i + 1)));
      var side = isSecond === !!said.rtl ? " left" : " right";
      leaf.className = "leaf" + (isAlone ? "" : side + (isSecond ? " second" : ""));
      isSecond = !isAlone && !isSecond;
    });
  }
  function shownIn(leaf) { return leaf.getElementsByTagName("img")[0]; }
  function spread(i) {
    var shown = shownIn(leaves[i]);
    return (i === 0 && said.start) || (shown && shape(shown).width > shape(shown).height);
  }

  // The place: a picture, the part of it above the screen, and what lies between it and the edge of the screen.
  function note() {
    var i, box;
    if (!pictures.length || page.clientWidth !== width) { return; }
    for (i = 0; i < pictures.length; i++) {
      box = rect(pictures[i]);
      if (box.bottom > 1) { break; }
    }
    place.picture = Math.min(i, pictures.length - 1);
    place.off = box.top > 0 ? box.top : box.bottom <= 1 ? box.bottom : 0;
    place.part = box.top > 0 ? 0 : box.bottom <= 1 ? 1 : -box.top / (box.bottom - box.top);
    counter.nodeValue = numbers[place.picture] + " / " + said.total;
  }
  function arrange() {
    var box;
    width = page.clientWidth;
    height = innerHeight;
    pair();
    size();
    if (pictures.length && (place.picture || place.part || place.off < 0)) {
      box = rect(pictures[place.picture]);
      scrollBy(0, Math.round(box.top + place.part * (box.bottom - box.top) - place.off));
    }
    barTop = pageYOffset;
    settle();
  }

  // Moving. `isWhole`: to the next page, however much of this one is below the screen.
  function isAtEnd() { return pageYOffset >= page.scrollHeight - height - 2; }
  function move(by, isWhole) {
    var stops = said.strip ? pictures : leaves, step = by * STEP * height, found = step, i, at, stop;
    if (by > 0 ? isAtEnd() : pageYOffset <= 0) { return leave(by > 0 ? "next" : "previous"); }
    for (i = 0; i < stops.length; i++) {
      stop = stops[by > 0 ? i : stops.length - 1 - i];
      at = rect(stop).top;
      if (by * at > 8 && !/ second$/.test(stop.className)) {
        if (isWhole || by * at < height - 8) { found = at; }
        break;
      }
    }
    scrollBy(0, Math.round(found));
    return true;
  }
  function leave(way) {
    var link;
    each(document.getElementsByTagName("a"), function (i, one) {
      link = one.className === "step " + way ? one : link;
    });
    if (link && !isHeld) { link.click(); }
    return !!link;
  }
  function turn(by) { return move(by, !said.strip); }
  function isOverflowing() { return page.scrollWidth > page.clientWidth + 1; }
  function isZoomed() {
    return (window.visualViewport && window.visualViewport.scale > 1.05) || isOverflowing();
  }

  // The buttons: out of sight until they are asked for, by a touch of the middle, a key, or the one that stands above.
  function made(parent, name, words) {
    var one = comic.cloneNode(false);
    one.removeAttribute("id");
    one.removeAttribute("style");
    one.className = name;
    one.appendChild(document.createTextNode(words));
    parent.appendChild(one);
    return one;
  }
  function pressable(one, act) {
    one.role = "button";
    one.tabIndex = 0;
    one.onclick = guarded(act);
    one.onkeydown = guarded(function (event) {
      if (event.keyCode !== 13 && event.keyCode !== 32) { return; }
      act();
      event.cancelBubble = true;
      return false;
    });
  }
  function button(name, words, act) {
    var one = made(bar, "button", words);
    one.id = "to-" + name;
    pressable(one, act);
    one.onfocus = guarded(function () { show(true); });
    buttons[name] = one;
  }
  function mark(one, isPressed) {
    one.className = isPressed ? "button pressed" : "button";
    one.ariaPressed = String(isPressed);
  }
  // Out of the way as one reads on; Tab still reaches it there, and brings it back.
  function show(isShown) {
    barTop = pageYOffset;
    bar.className = isShown ? "bar open" : "bar";
  }
  function isShown() { return bar.className === "bar open"; }
  function explain() {
    help.className = isShown() && help.className === "help" ? "help open" : "help";
    show(true);
  }
  // Chapters of a file without links: a link within a document would stand in the history.
  function jump(i, one) {
    var heading = comic.getElementsByTagName("h2")[i];
    if (one.className === "jump" && heading) {
      pressable(one, function () { scrollBy(0, Math.round(rect(heading).top)); });
    }
  }
  function choose(mode) {
    return function () { note(); fit = mode; arrange(); };
  }
  function pairUp() { note(); isDouble = !isDouble; fit = ""; arrange(); }
  function build() {
    bar = made(comic.parentNode, "bar", "");
    comic.parentNode.insertBefore(bar, comic);
    bar.role = "toolbar";
    counter = made(bar, "counter", "").firstChild;
    button("width", said.width, choose("width"));
    button("height", said.height, choose("height"));
    button("original", said.original, choose("original"));
    if (leaves.length > 1) { button("double", said.pair, pairUp); }
    button("help", said.help, explain);
    help = made(bar, "help", said.keys);
    made(help, "", said.taps);
    pressable(made(document.getElementById("way"), "view", said.view), function () { show(!isShown()); });
    each(document.getElementById("head").getElementsByTagName("li"), jump);
  }

  function pressed(event) {
    var key = event.keyCode, letter = event.key, ways = said.rtl ? { 37: 1, 39: -1 } : { 37: -1, 39: 1 };
    isHeld = !!event.repeat;
    if (event.altKey || event.ctrlKey || event.metaKey) { return; }
    if (letter === "?" || (key === 191 && event.shiftKey)) { explain(); return false; }
    if (key === 229 && event.code) { key = event.code.charCodeAt(3); }
    if (key === 32) { return !move(event.shiftKey ? -1 : 1); }
    if (event.shiftKey) { return; }
    if (key === 27) { show(false); }
    if (key === 78) { return !turn(1); }
    if (key === 80) { return !turn(-1); }
    if (key === 70) { choose({ width: "height", height: "original", original: "width" }[fitting()])(); return false; }
    if (key === 68 && buttons["double"]) { pairUp(); return false; }
    if (ways[key] && !isOverflowing()) { return !turn(ways[key]); }
  }
  function tapped(event) {
    var target = event.target, across = event.clientX / width, at, isRetry;
    each(pictures, function (i, picture) {
      if (picture === target && tries[i] > RETRIES) { tries[i] = 0; again(i); isRetry = true; }
    });
    if (isRetry || (target !== comic && target.nodeName !== "IMG" && target.parentNode !== comic)) { return; }
    at = isZoomed() ? 0.5 : said.strip ? event.clientY / height : said.rtl ? 1 - across : across;
    if (at < EDGE) { move(-1); } else if (at > 1 - EDGE) { move(1); } else { show(!isShown()); }
  }
  function touched(event) {
    var one = event.touches[0];
    touch = event.touches.length === 1 && one.clientX > 24 && one.clientX < width - 24 ? one : null;
  }
  function swiped(event) {
    var x, y;
    if (!touch || said.strip || isZoomed()) { return; }
    x = event.changedTouches[0].clientX - touch.clientX;
    y = event.changedTouches[0].clientY - touch.clientY;
    if (Math.abs(x) > 60 && Math.abs(x) > 2 * Math.abs(y)) { turn((x < 0) === !said.rtl ? 1 : -1); }
    touch = null;
  }

  function scrolled() {
    note();
    if (Math.abs(pageYOffset - barTop) > 60) { show(false); }
    timer = timer || later(function () { timer = 0; settle(); }, 100);
  }
  function resized() {
    var isAddressBar = "ontouchstart" in page && Math.abs(innerHeight - height) < 120;
    if (page.clientWidth !== width || !isAddressBar) { arrange(); }
  }
  // Taken from the element, of which the buttons are copies.
  function listen() {
    for (var i = comic.attributes.length - 1, one; i >= 0; i--) {
      one = comic.attributes[i];
      if (/^data-/.test(one.name)) {
        said[one.name.slice(5)] = one.value;
        comic.removeAttribute(one.name);
      }
    }
  }
  function start() {
    var number;
    listen();
    number = +said.first;
    each(comic.childNodes, function (i, node) {
      if (node.className === "leaf") { leaves[leaves.length] = node; }
    });
    each(comic.getElementsByTagName("*"), function (i, node) {
      if (node.nodeName === "IMG") { numbers[numbers.length] = number++; } else if (node.className === "gap") { number++; }
    });
    each(pictures, function (i, picture) {
      shapes[i] = shape(picture);
      pixels += shapes[i].width * shapes[i].height;
      watch(i, picture);
    });
    if (pixels && !canUnload(pictures[0])) { pixels = 0; }
    build();
    tell("none");
    page.className += " on";
    arrange();
    note();
    document.onkeydown = guarded(pressed);
    comic.onclick = guarded(tapped);
    document.ontouchstart = guarded(touched);
    document.ontouchend = guarded(swiped);
    window.onscroll = guarded(scrolled);
    window.onresize = guarded(resized);
    window.onbeforeprint = guarded(function () { each(pictures, load); });
  }
  guarded(start)();
}());
