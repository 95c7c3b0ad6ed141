// Takes orders as JSON over HTTP on the port named on the command line, one at a time, and answers with JSON.
var webpage = require("webpage"), server = require("webserver").create(), system = require("system");
var page = webpage.create(), complaints = [];

page.onError = function (message) { complaints.push(message); };
page.onConsoleMessage = function (message) { complaints.push(message); };
page.onResourceError = function (error) { complaints.push(error.url.slice(0, 200) + ": " + error.errorString); };

var orders = {
  resize: function (order, answer) {
    page.viewportSize = { width: order.width, height: order.height };
    answer(null);
  },
  go: function (order, answer) {
    complaints = [];
    page.scrollPosition = { top: 0, left: 0 };
    page.open(order.address, answer);
  },
  evaluate: function (order, answer) { answer(page.evaluateJavaScript("function () { return " + order.expression + " }")); },
  press: function (order, answer) { page.sendEvent("keypress", page.event.key[order.key] || order.key); answer(null); },
  complaints: function (order, answer) { answer(complaints); },
  screenshot: function (order, answer) {
    var size = page.viewportSize, at = page.scrollPosition;
    page.clipRect = { top: at.top, left: at.left, width: size.width, height: size.height };
    answer(page.renderBase64("PNG"));
  }
};

server.listen("127.0.0.1:" + system.args[1], function (request, response) {
  var order = JSON.parse(request.postRaw || request.post);
  orders[order.name](order, function (value) {
    response.statusCode = 200;
    response.write(JSON.stringify({ value: value === undefined ? null : value }));
    response.close();
  });
});
console.log("listening");
