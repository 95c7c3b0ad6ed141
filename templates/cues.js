// What stands in transcripts is shown over their films too, at its times: the first of a film at once, others by choice.
(function () {
  try {
    // Cues are markup themselves: WebVTT, 4.2.
    function words(line) {
      var made = "", part;
      for (part = line.firstChild; part; part = part.nextSibling) {
        made += part.nodeName === "BR" ? "\n" : part.textContent.replace(/&/g, "&amp;").replace(/</g, "&lt;");
      }
      return made;
    }
    var films = document.getElementsByTagName("video"), texts = document.getElementsByTagName("div"), shown = {}, i, j;
    var Cue = window.VTTCue || window.TextTrackCue, number, film, track, lines, times;
    for (i = 0; i < texts.length; i++) {
      number = texts[i].getAttribute("data-film");
      film = number && films[+number];
      if (film && film.addTextTrack) {
        track = film.addTextTrack("subtitles", texts[i].getAttribute("data-words"), texts[i].lang);
        track.mode = shown[number] ? "hidden" : "showing";
        shown[number] = true;
        lines = texts[i].getElementsByTagName("p");
        for (j = 0; j < lines.length; j++) {
          times = lines[j].getAttribute("data-cue").split(" ");
          track.addCue(new Cue(times[0] / 1000, times[1] / 1000, words(lines[j])));
        }
      }
    }
  } catch (ignored) { }
})();
