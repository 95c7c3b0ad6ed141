// The comic reader, in ES3. It scrolls, sizes and unloads pictures; it keeps all it knows in variables.
// It is the same in every document: words, and what layout knows of the comic, stand in data attributes of #comic.
// Whatever fails, all is put back as it is without a script.
(function () {
  var page = document.documentElement, comic = byId("comic"), way = byId("way"), notice = byId("notice"),
    pictures = all(comic, "img"), leaves = [], shapes = [], numbers = [], unloaded = [], tries = [], pixels = 0,
    bar, buttons = {}, counter, help, barTop = 0, isShown, width, height, timer, touch, isHeld,
    said = {}, fit = "", isDouble = false, isOver, min = Math.min, abs = Math.abs,
    // The place: a picture, the part of it above the screen, and what lies between it and the edge of the screen.
    place = 0, above = 0, apart = 0,
    // Pixels that every device can hold; screens above and below that stay loaded, and beyond which pictures do not;
    // parts of a screen.
    FEW = 12000000, LOADED = 3, UNLOADED = 5, STEP = 0.85, EDGE = 0.3, RETRIES = 2;

  function guarded(act) {
    return function (event) {
      if (isOver) { return; }
      try { return act.call(this, event || window.event); } catch (ignored) { giveUp(); }
    };
  }
  function byId(name) { return document.getElementById(name); }
  function all(parent, name) { return parent.getElementsByTagName(name); }
  function each(list, act) { for (var i = 0; i < list.length; i++) { act(i, list[i]); } }
  function rect(one) { return one.getBoundingClientRect(); }
  function down(by) { scrollBy(0, Math.round(by)); }

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
  function taken(picture) { return picture.removeAttributeNode(picture.getAttributeNode("src")); }
  function unload(i) { unloaded[i] = unloaded[i] || taken(pictures[i]); }
  function canUnload(picture) {
    var copy = picture.cloneNode(false);
    copy.setAttributeNode(taken(copy));
    return copy.getAttribute("src");
  }
  function load(i) {
    var source = unloaded[i];
    unloaded[i] = null;
    if (source) { pictures[i].setAttributeNode(source); }
  }
  function failed(i) {
    if (unloaded[i]) { return; }
    if (++tries[i] > RETRIES) { tell("block"); } else { setTimeout(guarded(function () { again(i); }), 1000 * tries[i]); }
    pictures[i].alt = said.retry;
    pictures[i].className = "failed";
  }
  function tell(how) { if (notice) { notice.style.display = how; } }
  function again(i) { if (!unloaded[i]) { unload(i); load(i); } }
  function watch(i, picture) {
    var alt = picture.alt;
    tries[i] = 0;
    picture.onerror = guarded(function () { failed(i); });
    picture.onload = guarded(function () { tries[i] = 0; picture.alt = alt; picture.className = ""; });
    if (picture.complete && picture.naturalWidth === 0) { failed(i); }
  }
  function settle() {
    if (pixels < FEW) { return; }
    each(pictures, function (i, picture) {
      var box = rect(picture), screens = Math.max(-box.bottom, box.top - height) / height;
      if (screens < LOADED) { load(i); } else if (screens > UNLOADED) { unload(i); }
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
    if (mode === "height") { ratio = min(ratio, height / shape.height); }
    if (said.strip) { return min(ratio, 720 / shape.width); }
    return fit ? ratio : min(1, ratio, 860 / shape.width);
  }
  function size() {
    var i, room = comic.clientWidth, mode = fitting(), least = Infinity, isPressed;
    each(pictures, function (i) { least = min(least, scale(shapes[i], room, mode)); });
    each(pictures, function (i, picture) {
      var isHalf = / (left|right)/.test(picture.parentNode.className);
      var ratio = said.strip ? least : scale(shapes[i], isHalf ? room / 2 : room, mode);
      picture.style.width = shapes[i].width * ratio + "px";
      picture.style.height = shapes[i].height * ratio + "px";
    });
    for (i in buttons) {
      isPressed = i === mode || (i === "pair" && isDouble);
      buttons[i].className = isPressed ? "button pressed" : "button";
      buttons[i].ariaPressed = String(isPressed);
    }
  }
  function pair() {
    var isSecond = false;
    each(leaves, function (i, leaf) {
      var isAlone = !isDouble || spread(i) || (!isSecond && (i + 1 === leaves.length || spread(i + 1)));
      var side = isSecond === !!said.rtl ? " left" : " right";
      leaf.className = "leaf" + (isAlone ? "" : side + (isSecond ? " second" : ""));
      isSecond = !isAlone && !isSecond;
    });
  }
  function spread(i) {
    var shown = all(leaves[i], "img")[0];
    return (i === 0 && said.start) || (shown && shape(shown).width > shape(shown).height);
  }

  function note() {
    var box;
    if (!pictures.length || page.clientWidth !== width) { return; }
    for (place = 0; (box = rect(pictures[place])).bottom <= 1 && place < pictures.length - 1; place++) { }
    above = box.top < 0 ? min(1, -box.top / box.height) : 0;
    apart = box.top + above * box.height;
    counter.nodeValue = numbers[place] + " / " + said.total;
  }
  function arrange() {
    var box;
    width = page.clientWidth;
    height = innerHeight;
    pair();
    size();
    if (pictures.length && (place || above)) {
      box = rect(pictures[place]);
      down(box.top + above * box.height - apart);
    }
    barTop = pageYOffset;
    settle();
  }

  // Moving. `isWhole`: to the next page, however much of this one is below the screen.
  function move(by, isWhole) {
    var stops = said.strip ? pictures : leaves, step = by * STEP * height, found = step, i, at, stop;
    if (by > 0 ? pageYOffset >= page.scrollHeight - height - 2 : pageYOffset <= 0) { return leave(by > 0 ? "next" : "previous"); }
    for (i = 0; i < stops.length; i++) {
      stop = stops[by > 0 ? i : stops.length - 1 - i];
      at = rect(stop).top;
      if (by * at > 8 && !/ second$/.test(stop.className)) {
        if (isWhole || by * at < height - 8) { found = at; }
        break;
      }
    }
    down(found);
    return true;
  }
  function leave(where) {
    var link;
    each(document.links, function (i, one) {
      if (one.className === "step " + where) { link = one; }
    });
    if (link && !isHeld) { link.click(); }
    return !!link;
  }
  function turn(by) { return move(by, !said.strip); }
  function isOverflowing() { return page.scrollWidth > page.clientWidth + 1; }
  function isZoomed() {
    return (window.visualViewport || page).scale > 1.05 || isOverflowing();
  }

  // The buttons: out of sight until they are asked for, by a touch of the middle, a key, or the one that stands above.
  function made(parent, name, words) {
    var one = way.cloneNode(false);
    one.removeAttribute("id");
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
      if (event.keyCode === 13 || event.keyCode === 32) {
        act();
        event.cancelBubble = true;
        return false;
      }
    });
  }
  function button(name, act) {
    var one = made(bar, "button", said[name]);
    one.id = "to-" + name;
    pressable(one, act);
    one.onfocus = guarded(function () { show(true); });
    buttons[name] = one;
  }
  // Out of the way as one reads on; Tab still reaches it there, and brings it back.
  function show(isAsked) {
    isShown = isAsked;
    barTop = pageYOffset;
    bar.className = isAsked ? "bar open" : "bar";
  }
  function explain() {
    help.className = isShown && help.className === "help" ? "help open" : "help";
    show(true);
  }
  // Chapters of a file without links: a link within a document would stand in the history.
  function jump(i, one) {
    var heading = all(comic, "h2")[i];
    if (one.className === "jump" && heading) {
      pressable(one, function () { down(rect(heading).top); });
    }
  }
  // Without a mode: two pages side by side, or one again.
  function choose(mode) {
    return function () { note(); fit = mode; isDouble = mode ? isDouble : !isDouble; arrange(); };
  }
  function build() {
    bar = made(comic.parentNode, "bar", "");
    comic.parentNode.insertBefore(bar, comic);
    bar.role = "toolbar";
    counter = made(bar, "counter", "").firstChild;
    each(["width", "height", "original"], function (i, mode) { button(mode, choose(mode)); });
    if (leaves.length > 1) { button("pair", choose("")); }
    button("help", explain);
    help = made(bar, "help", said.keys);
    made(help, "", said.taps);
    pressable(made(way, "view", said.view), function () { show(!isShown); });
    each(all(document, "li"), jump);
  }

  function pressed(event) {
    var key = event.keyCode, by;
    isHeld = !!event.repeat;
    if (event.altKey || event.ctrlKey || event.metaKey) { return; }
    if (event.key === "?" || (key === 191 && event.shiftKey)) { explain(); return false; }
    if (key === 229 && event.code) { key = event.code.charCodeAt(3); }
    if (key === 32) { return !move(event.shiftKey ? -1 : 1); }
    if (event.shiftKey) { return; }
    if (key === 27) { show(false); }
    if (key === 70) { choose({ width: "height", height: "original", original: "width" }[fitting()])(); return false; }
    if (key === 68 && buttons.pair) { choose("")(); return false; }
    by = { 78: 1, 80: -1 }[key] || (!isOverflowing() && { 37: -1, 39: 1 }[key] * (said.rtl ? -1 : 1));
    if (by) { return !turn(by); }
  }
  function tapped(event) {
    var target = event.target, across = event.clientX / width, at, isRetry;
    each(pictures, function (i, picture) {
      if (picture === target && tries[i] > RETRIES) { tries[i] = 0; again(i); isRetry = true; }
    });
    if (isRetry || (target !== comic && target.nodeName !== "IMG" && target.parentNode !== comic)) { return; }
    at = isZoomed() ? 0.5 : said.strip ? event.clientY / height : said.rtl ? 1 - across : across;
    if (at < EDGE) { move(-1); } else if (at > 1 - EDGE) { move(1); } else { show(!isShown); }
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
    if (abs(x) > 60 && abs(x) > 2 * abs(y)) { turn((x < 0) === !said.rtl ? 1 : -1); }
    touch = null;
  }

  function scrolled() {
    note();
    if (abs(pageYOffset - barTop) > 60) { show(false); }
    timer = timer || setTimeout(guarded(function () { timer = 0; settle(); }), 100);
  }
  function resized() {
    var isAddressBar = "ontouchstart" in page && abs(innerHeight - height) < 120;
    if (page.clientWidth !== width || !isAddressBar) { arrange(); }
  }
  function start() {
    var number;
    each(comic.attributes, function (i, one) { said[one.name.replace("data-", "")] = one.value; });
    number = +said.first;
    each(all(comic, "*"), function (i, node) {
      if (node.nodeName === "IMG") { numbers.push(number++); }
      if (node.className === "gap") { number++; }
      if (node.className === "leaf") { leaves.push(node); }
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
