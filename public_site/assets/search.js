// The search page: plain substring match over data that is loaded year by year, also from a folder.
// Written for old browsers. Without this file the page leads to the lists.
"use strict";
(function () {
  var PAGE = 50;
  var NAMES = ["q", "year", "township", "category", "kind"];
  var KINDS = { place: "乡镇和村", project: "项目", fund: "资金文件", notice: "公告公示" };
  var FOLDERS = { place: "places/", project: "projects/", fund: "funds/", notice: "notices/" };
  var form = document.getElementById("search");
  var count = document.getElementById("count");
  var list = document.getElementById("found");
  var more = document.getElementById("more");
  var years = form.getAttribute("data-years").split(" ").filter(Boolean);
  var loaded = {}; // name of a file -> its items, null while it is on its way, false when it failed
  var waiting = 0; // the timer between a key and the search
  var shown = PAGE;
  var latest = []; // what the last search found

  // Full-width and half-width, upper and lower case count as the same.
  function fold(text) {
    return (text.normalize ? text.normalize("NFKC") : text).toLowerCase();
  }

  // item: kind, address, title, words (each may hold a match by itself), township, category, year
  var READ = {
    place: function (row) {
      return { title: row[1], words: [row[3]], township: row[2] || row[0], category: "" };
    },
    project: function (row) {
      return { title: row[1], words: [row[0], row[3], row[4]], township: row[2], category: row[4] };
    },
    fund: function (row) {
      return { title: row[1], words: [row[2], row[3]], township: "", category: "" };
    },
    notice: function (row) {
      return { title: row[1], words: [row[2]], township: "", category: "" };
    }
  };

  window.siteSearch = function (name, content) {
    var items = [];
    Object.keys(KINDS).forEach(function (kind) {
      (content[kind] || []).forEach(function (row) {
        var item = READ[kind](row);
        item.kind = kind;
        item.year = name === "places" ? "" : name;
        item.address = FOLDERS[kind] + row[0] + ".html";
        item.folded = [item.title].concat(item.words).map(fold);
        items.push(item);
      });
    });
    loaded[name] = items;
  };

  function load(name) {
    if (name in loaded) return;
    loaded[name] = null;
    var script = document.createElement("script");
    script.src = "data/search/" + name + ".js";
    script.onload = run;
    script.onerror = function () {
      loaded[name] = false;
      run();
    };
    document.head.appendChild(script);
  }

  function asked() {
    return {
      words: fold(form.elements.q.value).split(/\s+/).filter(Boolean),
      year: form.elements.year.value,
      township: form.elements.township.value,
      category: form.elements.category.value,
      kind: form.elements.kind.value
    };
  }

  function wanted(question) {
    return (question.year ? [] : ["places"]).concat(question.year ? [question.year] : years);
  }

  function matches(item, question) {
    return (
      (!question.kind || item.kind === question.kind) &&
      (!question.township || item.township === question.township) &&
      (!question.category || item.category === question.category) &&
      question.words.every(function (word) {
        return item.folded.some(function (text) {
          return text.indexOf(word) >= 0;
        });
      })
    );
  }

  function search(question) {
    var found = [];
    wanted(question).forEach(function (name) {
      (loaded[name] || []).forEach(function (item) {
        if (matches(item, question)) found.push(item);
      });
    });
    return found;
  }

  // Where the words stand in the text as it is written: folding may make a character longer.
  function marks(text, words) {
    var folded = "";
    var origin = [];
    var hit = [];
    Array.prototype.forEach.call(text, function (character, at) {
      var part = fold(character);
      folded += part;
      for (var n = 0; n < part.length; n++) origin.push(at);
    });
    words.forEach(function (word) {
      for (var at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) {
        for (var n = at; n < at + word.length; n++) hit[origin[n]] = true;
      }
    });
    return hit;
  }

  function write(node, text, words) {
    var hit = marks(text, words);
    for (var from = 0, to; from < text.length; from = to) {
      for (to = from + 1; to < text.length && !hit[to] === !hit[from]; ) to++;
      var piece = document.createTextNode(text.slice(from, to));
      if (hit[from]) {
        var mark = document.createElement("mark");
        mark.appendChild(piece);
        piece = mark;
      }
      node.appendChild(piece);
    }
  }

  function line(item, words) {
    var entry = document.createElement("li");
    var link = document.createElement("a");
    var about = document.createElement("span");
    link.href = item.address;
    write(link, item.title, words);
    about.className = "sub";
    about.appendChild(document.createTextNode(KINDS[item.kind] + (item.year ? " " + item.year + "年" : "")));
    item.words.forEach(function (word) {
      if (!word || item.title === word) return;
      about.appendChild(document.createTextNode(" · "));
      write(about, word, words);
    });
    entry.appendChild(link);
    entry.appendChild(document.createTextNode(" "));
    entry.appendChild(about);
    return entry;
  }

  function show(words) {
    list.textContent = "";
    latest.slice(0, shown).forEach(function (item) {
      list.appendChild(line(item, words));
    });
    list.hidden = latest.length === 0;
    more.hidden = latest.length <= shown;
  }

  function said(question) {
    var names = wanted(question);
    var open = names.filter(function (name) { return loaded[name] === null; });
    var failed = names.filter(function (name) { return loaded[name] === false; });
    var text = latest.length ? "找到" + latest.length + "条。" : "没有找到，换几个字或放宽条件再试。";
    if (open.length) text = "找到" + latest.length + "条，还在读" + open.length + "份数据。";
    if (failed.length) text += "有" + failed.length + "份数据没有读到，刷新页面再试。";
    return text;
  }

  function run() {
    var question = asked();
    var asking = question.words.length || question.year || question.township || question.category || question.kind;
    if (asking) wanted(question).forEach(load);
    latest = asking ? search(question) : [];
    show(question.words);
    count.textContent = asking ? said(question) : "";
  }

  function start() {
    shown = PAGE;
    run();
    var parts = [];
    NAMES.forEach(function (name) {
      var value = form.elements[name].value;
      if (value) parts.push(name + "=" + encodeURIComponent(value));
    });
    try {
      history.replaceState(null, "", parts.length ? "?" + parts.join("&") : "search.html");
    } catch (error) {
      return; // some browsers keep the address of a file as it is; the search works all the same
    }
  }

  function fill() {
    location.search.slice(1).split("&").forEach(function (part) {
      var pair = part.split("=");
      if (NAMES.indexOf(pair[0]) < 0 || pair.length < 2) return;
      try {
        form.elements[pair[0]].value = decodeURIComponent(pair[1].replace(/\+/g, " "));
      } catch (error) {
        return; // not written by a browser: searched for as if it were not there
      }
    });
  }

  // Arrow keys lead from the box into the results and through them.
  function step(event) {
    var links = Array.prototype.slice.call(list.getElementsByTagName("a"));
    var at = links.indexOf(document.activeElement);
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    if (at < 0 && (document.activeElement !== form.elements.q || event.key === "ArrowUp")) return;
    var next = at + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    (next < 0 ? form.elements.q : links[Math.min(next, links.length - 1)] || form.elements.q).focus();
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    start();
  });
  form.addEventListener("change", start);
  form.elements.q.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(start, 150);
  });
  more.addEventListener("click", function () {
    var from = shown;
    shown += PAGE;
    show(asked().words);
    list.getElementsByTagName("a")[from].focus();
  });
  document.addEventListener("keydown", step);
  document.getElementById("plain").hidden = true;
  fill();
  run();
})();
