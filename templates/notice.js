// Says what to open instead where a picture of the page does not load.
(function () {
  try {
    var place = document.getElementById("notice"), words = place.getAttribute("data-words"), all = document.images, i;
    function tell() {
      if (!place.firstChild) {
        place.className = "notice";
        place.appendChild(document.createTextNode(words));
      }
    }
    for (i = 0; i < all.length; i++) {
      all[i].onerror = tell;
      if (all[i].complete && all[i].naturalWidth === 0) { tell(); }
    }
  } catch (ignored) { }
})();
