// Says what to open instead where a picture of the page does not load.
(function () {
  try {
    var notice = document.getElementById("notice"), all = document.images, i;
    function tell() { notice.style.display = "block"; }
    notice.style.display = "none";
    for (i = 0; i < all.length; i++) {
      all[i].onerror = tell;
      if (all[i].complete && all[i].naturalWidth === 0) { tell(); }
    }
  } catch (ignored) { }
})();
