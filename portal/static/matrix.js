// A grid that behaves like a spreadsheet: paste of a block, keys that move, Esc that restores. Without
// this file the grid is a form like any other.
(function () {
  "use strict";

  var table = document.getElementById("matrix");
  if (!table) { return; }
  var many = document.getElementById("matrix-many");
  var LONGEST_ADDRESS = 3500;
  var before = "";

  function rows() { return Array.prototype.slice.call(table.tBodies[0].rows); }

  function inputAt(row, column) {
    var cell = row && row.cells[column];
    return cell ? cell.querySelector("input") : null;
  }

  function shown(input) {
    return "was" in input.dataset ? input.dataset.was : input.defaultValue;
  }

  function changed() {
    return Array.prototype.filter.call(table.querySelectorAll("tbody input"), function (input) {
      return input.value.trim() !== shown(input);
    });
  }

  function tell(input) { input.dispatchEvent(new Event("input", { bubbles: true })); }

  function mark(input) { input.classList.toggle("changed", input.value.trim() !== shown(input)); }

  // The nearest cell in this direction that can be typed into.
  function move(input, down, right) {
    var all = rows();
    var row = all.indexOf(input.closest("tr"));
    var column = input.closest("td").cellIndex;
    var next = null;
    do {
      row += down;
      column += right;
      next = inputAt(all[row], column);
    } while (!next && all[row] && all[row].cells[column]);
    if (next) { next.focus(); next.select(); }
  }

  function fill(input, text) {
    var all = rows();
    var top = all.indexOf(input.closest("tr"));
    var left = input.closest("td").cellIndex;
    text.replace(/\r?\n$/, "").split(/\r?\n/).forEach(function (line, down) {
      line.split("\t").forEach(function (value, right) {
        var target = inputAt(all[top + down], left + right);
        if (target) { target.value = value.trim(); mark(target); }
      });
    });
    tell(input);
  }

  table.addEventListener("focusin", function (event) {
    if (event.target.tagName === "INPUT") { before = event.target.value; }
  });

  table.addEventListener("input", function (event) { mark(event.target); });

  table.addEventListener("paste", function (event) {
    var text = event.clipboardData.getData("text/plain");
    if (event.target.tagName !== "INPUT" || !/[\t\n]/.test(text)) { return; }
    event.preventDefault();
    fill(event.target, text);
  });

  function atEdge(input, key) {
    var whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    var edge = key === "ArrowLeft" ? 0 : input.value.length;
    return whole || (input.selectionStart === edge && input.selectionEnd === edge);
  }

  table.addEventListener("keydown", function (event) {
    var input = event.target;
    if (input.tagName !== "INPUT" || event.isComposing) { return; }
    var steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.key === "Escape") { input.value = before; tell(input); return; }
    if (!steps[event.key]) { return; }
    if (/Left|Right/.test(event.key) && !atEdge(input, event.key)) { return; }
    event.preventDefault();
    event.stopPropagation();
    move(input, steps[event.key][0], steps[event.key][1]);
  });

  // What is left is asked for the changed cells only, as long as they fit into an address.
  table.addEventListener("htmx:configRequest", function (event) {
    var cells = changed().map(function (input) {
      return input.name.slice(5) + "-" + input.value.trim().replace(/_/g, "");
    }).join("_");
    var input = event.detail.triggeringEvent.target;
    var fits = encodeURIComponent(cells).length <= LONGEST_ADDRESS;
    many.hidden = fits;
    if (!fits) { event.preventDefault(); return; }
    event.detail.parameters.changed = cells;
    event.detail.parameters.at = input.name.split("-")[1];
  });

  // Only changed cells travel.
  table.closest("form").addEventListener("submit", function () {
    var sent = changed();
    table.querySelectorAll("tbody input").forEach(function (input) { input.disabled = !sent.includes(input); });
  });
  window.addEventListener("pageshow", function () {
    table.querySelectorAll("tbody input").forEach(function (input) { input.disabled = false; });
  });
})();
